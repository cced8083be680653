"""Plain frozen values that every higher rung speaks: columns, zones, periods, policies, reports."""
