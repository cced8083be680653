"""Reports that nobody watches: what a configuration file asks for, the history it keeps, and what must not happen."""
