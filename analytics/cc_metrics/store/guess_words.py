"""What columns and values are called in exports, in English and in Chinese: the tables behind a guessed mapping.

A name is looked up in lower case, without blanks, punctuation and a unit in brackets. The first of several that a file
has is the best guess.
"""

from typing import Final

NAMES: Final = {
    "call_id": (
        "callid calluuid callguid contactid interactionid conversationid closecallid xmlcdruuid callreference callno "
        "callnumberid sessionid ucid uniqueid linkedid callsid cdrid recordid uuid id "
        "呼叫流水号 通话流水号 来电流水号 话务流水号 业务流水号 流水号 呼叫id 通话id 会话id 呼叫编号 通话编号 "
        "话单号 话单编号"
    ),
    "offered_at": (
        "offeredat queuestart queuestarttime queueentertime queuejoined qstart ccqueuejoinedepoch enqueuetimestamp "
        "enqueuetime enqueuedat queuedat queuetime offered arrivaltime arrival starttime startedat startat "
        "calldatetime calldate callstart callstarttime callstarted calltime createdat creationtime creationtimestamp "
        "initiationtimestamp datetime timestamp start time created startepoch "
        "排队开始时间 入队时间 进入队列时间 进队时间 排队时间 请求人工时间 转人工时间 呼入时间 来电时间 "
        "呼叫时间 呼叫开始时间 "
        "进线时间 振铃时间 开始时间 通话开始时间 通话时间 时间"
    ),
    "date": "date calldate day startdate 日期 呼叫日期 来电日期 通话日期 呼入日期",
    "clock": (
        "time starttime callstarttime callstarted calltime qstart timeofday "
        "时间 呼叫时间 来电时间 通话时间 呼入时间 时刻"
    ),
    "answered_at": (
        "answeredat answertime answeredtime answerat connectedat connecttime connectedtoagenttimestamp serstart "
        "ccqueueansweredepoch answerepoch pickedup pickup pickuptime "
        "应答时间 坐席应答时间 座席应答时间 人工应答时间 接听时间 接通时间 摘机时间 坐席接听时间 座席接听时间"
    ),
    "ended_at": (
        "ccqueueterminatedepoch endedat endtime endat hangup hangupat hanguptime hungup disconnecttimestamp "
        "finishedtime finishedat endepoch serexit 结束时间 通话结束时间 呼叫结束时间 挂机时间 挂断时间"
    ),
    "wait_ms": (
        "waitms wait waittime queuewaittime waitseconds queueseconds queueduration timeinqueue queuetime "
        "qtime inqueue "
        "waitduration waitingtime waitlength speedofanswer speedofanswerinseconds answerspeed timetoanswer waitsec "
        "排队时长 排队等待时长 等待时长 等待时间 排队时间 排队等待时间 队列等待时长 应答时长 应答速度 接通时长"
    ),
    "talk_ms": (
        "talkms talk talktime talkseconds talkduration avgtalkduration conversationtime conversationduration sertime "
        "agenttime agentinteractionduration serviceduration servicelength "
        "通话时长 人工通话时长 服务时长 交谈时长 人工服务时长 坐席通话时长 座席通话时长 通话时间"
    ),
    "hold_ms": "holdms hold holdtime holdseconds holdduration customerholdduration 保持时长 保持时间 通话保持时长",
    "wrap_ms": (
        "wrapms wrap wraptime wrapup wrapuptime acw acwtime aftercallwork aftercallworktime aftercontactworkduration "
        "整理时长 话后整理时长 话后处理时长 事后处理时长 后处理时长 整理时间 案头时长"
    ),
    "outcome": (
        "outcome callresult callstatus completionstatus calldisposition result status disposition answered "
        "answeredyn isanswered abandoned abandon isabandoned state termreason cccause missedcallreason type "
        "呼叫结果 通话结果 接续结果 呼叫状态 通话状态 接听状态 接通状态 应答状态 是否接通 是否应答 是否接听 是否放弃 "
        "是否呼损 呼损 放弃 挂机方式 挂机类型 挂断方式 结束方式 结束类型 挂机原因 结束原因 释放原因 状态 结果"
    ),
    "direction": "direction calldirection calltype 呼叫方向 通话方向 呼叫类型 方向",
    "channel": "channel mediatype media medianame 渠道 接入渠道 媒体类型",
    "queue": (
        "queue queuename ccqueue skillname skillgroup skill acdgroup csq csqname split ringgroups campaign "
        "campaignid "
        "servicequeue 技能组 技能组名称 技能队列 排队队列 队列名称 队列 业务组 技能"
    ),
    "tier": (
        "tier customertier customerlevel customerclass viplevel vip priority segment "
        "客户级别 客户等级 用户级别 用户等级 客户星级 会员等级 vip等级 vip级别 客户类型 用户类型 服务等级"
    ),
    "reason": (
        "reason callreason contactreason topic subject category wrapupcode issue "
        "业务类型 业务分类 来电原因 呼叫原因 咨询类型 服务类型 诉求类型 来电类型 业务"
    ),
    "region": "region province city area location 地区 地市 省份 城市 区域 来电地区 呼入地区",
    "home_region": "homeregion 归属地 号码归属地 主叫归属地 用户归属地 客户归属地",
    "network": "network carrier operator 网络 网别 运营商 网络类型",
    "agent_id": (
        "agentid agentno agent agentnumber agentusername agentname username userid user server 坐席工号 座席工号 "
        "客服工号 话务员工号 员工工号 工号 坐席编号 座席编号 坐席 座席 话务员 坐席姓名 座席姓名"
    ),
    "customer_id": (
        "customerid customernumber customer callerid calleridnumber caller callernumber ani anidialnum callingnumber "
        "callingparty contactphonenumber fromnumber from phonenumber phone rawdigits msisdn clid src "
        "主叫号码 主叫 来电号码 客户号码 用户号码 主叫电话 主叫手机 来电电话 手机号码 手机号 电话号码 "
        "联系电话 客户编号 用户编号"
    ),
    "transferred": "transferred istransferred istransfer transfer 是否转接 是否转移 转接 转接标志",
    "resolved": (
        "resolved isresolved fcr firstcallresolution firstcontactresolution "
        "是否解决 是否一次解决 一次解决 问题是否解决 解决标志 解决状态"
    ),
    "satisfaction": (
        "satisfaction satisfactionrating satisfactionscore csat csatscore rating 满意度 满意度评分 满意度得分"
    ),
}
"""What a canonical column, or a moment or date that others are made of, is called in exports; best names first."""

ANSWERED_FLAGS: Final = "answered answeredyn isanswered 是否接通 是否应答 是否接听 接通状态 应答状态 接听状态"
"""Columns whose yes means answered."""

ABANDONED_FLAGS: Final = "abandoned abandon isabandoned 是否放弃 是否呼损 呼损 放弃"
"""Columns whose yes means abandoned."""

YES: Final = ("y", "yes", "t", "true", "1", "是")
NO: Final = ("n", "no", "f", "false", "0", "否")

OUTCOMES: Final = {
    "answered": (
        "answered answer ans agent handled completed complete connected connect accepted served serviced "
        "talked normal "
        "应答 已应答 接通 已接通 接听 已接听 人工接听 人工应答 坐席应答 座席应答 坐席接听 座席接听 成功 "
        "呼叫成功 正常通话"
    ),
    "abandoned": (
        "abandoned abandon abn hang drop dropped lost abandonedinqueue shortabandoned callerabandoned queueabandoned "
        "放弃 排队放弃 用户放弃 客户放弃 主叫放弃 主动放弃 振铃放弃 呼损 人工呼损 早释 排队挂机 排队中挂机 等待中挂断"
    ),
    "redirected": (
        "redirected overflow overflowed ovf timeout queuetimeout voicemail callback forwarded diverted "
        "queuingtimeout queuingoverflow "
        "溢出 队列溢出 排队溢出 超时 排队超时 等待超时 超时转出 转自助 转语音 转语音信箱 转语音邮箱 语音信箱 "
        "留言 转留言 回呼 预约回呼 转ivr 转外线"
    ),
}
"""What the words of an outcome mean; of what is in none of them a person must say it."""

UNANSWERED: Final = "missed unanswered notanswered noanswer 未应答 未接通 未接听 未接 漏接"
"""Not answered, whether the caller hung up or not."""

HUNG_UP: Final = {
    "abandoned": (
        "caller customer customerdisconnect "
        "用户挂机 客户挂机 主叫挂机 来电方挂机 用户先挂机 客户先挂机 用户挂断 客户挂断 主叫挂断 用户 客户 主叫"
    ),
    "redirected": "系统挂机 系统挂断",
    "": (
        "agentdisconnect 坐席挂机 座席挂机 坐席先挂机 座席先挂机 话务员挂机 被叫挂机 坐席挂断 座席挂断 坐席 座席 "
        "正常挂机 正常释放 正常结束"
    ),
}
"""Who ended a call: no word on whether it was answered; what it means where nobody answered, if anything."""

DIRECTIONS: Final = {
    "inbound": "inbound in incoming 呼入 来电",
    "outbound": "outbound out outgoing 呼出 外呼 去电",
    "internal": "internal 内部 内线 内部呼叫",
}

CHANNELS: Final = {"voice": "voice call phonecall phone telephone 语音 电话 语音通话"}

NULLS: Final = ("-", "--", "NULL", "null", "\\N", "N/A", "n/a", "NaN", "nan", "None", "[None]", "无", "空", "（空）")
"""Words that mean nothing wherever they stand alone."""

WITHHELD: Final = (
    "0 -1 anonymous unknown unavailable restricted private withheld blocked nocallerid "
    "未知 匿名 隐藏 隐藏号码 无主叫 未知号码"
)
"""What stands for a customer who is not known."""

TRUE_WORDS: Final = {"true": "resolved solved 已解决 解决 转接 已转接", "false": "unresolved unsolved 未解决 未转接"}
