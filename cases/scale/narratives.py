"""Complaint texts of about two hundred characters, put together from what consumers of instalment loans write."""

from __future__ import annotations

from random import Random

_OPENINGS = (
    "我于{year}年{month}月在{shop}办理了{goods}分期，",
    "本人{year}年{month}月通过{shop}的销售人员申请了一笔{goods}贷款，",
    "{year}年{month}月，{shop}的工作人员让我扫码签约购买{goods}，",
    "家人{year}年{month}月在{shop}被劝说办理{goods}分期付款，",
)
_MIDDLES = (
    "当时口头承诺零利息，后来发现每月要还{money}元，年化利率远高于宣传，合同里没有写清楚。",
    "商家虚假宣传，课程质量与介绍严重不符，老师频繁更换，多次要求退款均被拒绝。",
    "没有给我看完整的合同，也没有说明这是贷款，直到扣款短信才知道借了{money}元。",
    "店面已经关门，预付卡里还剩{money}元无法使用，但贷款仍在每月扣款。",
    "还款后征信仍显示逾期，影响了我办理房贷，客服一直说正在核实。",
    "催收人员一天打{calls}个电话，还联系我的同事和家人，言语威胁，严重影响生活。",
    "提前还款被收取{money}元违约金，签约时没有告知有这笔费用。",
    "我从未申请过这笔贷款，怀疑个人信息被冒用，请求调取签约录音录像。",
    "办理时被强制搭售保险，保费{money}元直接从贷款里扣除，我并不知情。",
)
_DETAILS = (
    "我联系过{shop}三次，每次都说转给负责人，至今没有结果。",
    "客服工号{calls}答应七天内回复，但一直没有人联系我。",
    "已经向当地市场监管部门反映，对方建议先与金融机构协商。",
    "聊天记录、付款截图和合同照片我都保留了，可以随时提供。",
    "我是学生，没有稳定收入，当时业务员让我填写虚假的工作单位。",
    "{shop}的老板现在联系不上，微信群已经解散，很多消费者都遇到同样的问题。",
    "贷款金额{money}元，期数十二期，目前已经还了{calls}期。",
)
_DEMANDS = (
    "请求解除合同，退还已付的{money}元，并停止扣款。",
    "希望全额退款，恢复征信记录，并书面道歉。",
    "要求减免剩余本息，并说明利率的计算方法。",
    "请求核查双录，如属误导销售，要求撤销贷款。",
    "希望停止骚扰电话，并处理相关催收人员。",
    "要求退还多收的费用{money}元，并给出书面答复。",
)
_GOODS = (
    "医疗美容",
    "英语培训",
    "健身卡",
    "职业教育",
    "家具",
    "手机",
    "长租公寓",
    "口腔种植",
    "编程课程",
    "婚纱摄影",
    "汽车配件",
    "家用电器",
)
_TOWNS = ("青木", "樱花", "东湖", "南山", "北辰", "西城", "临江", "望京", "滨海", "新城", "云岭", "金桥")
_TRADES = ("美容医院", "教育中心", "健身馆", "口腔诊所", "家居广场", "数码城", "培训学校", "摄影店")
# Sentences that hardly ever occur, so that a search can also look for something rare.
_RARE_EVERY = 400
_RARE = ("穆罕默德老师作证。", "流水号尾数零零七。", "合同编号写成了繁體字。", "签约地点在樱桃沟。")


def shop(chance: Random) -> str:
    """The name of a merchant."""
    return chance.choice(_TOWNS) + chance.choice(_TRADES)


def narrative(chance: Random, year: int) -> str:
    """One complaint in the consumer's words; the same `chance` state gives the same words."""
    parts = [chance.choice(_OPENINGS), chance.choice(_MIDDLES)]
    parts += chance.sample(_DETAILS, 2 + (chance.random() < 0.4))
    parts.append(chance.choice(_DEMANDS))
    if chance.randrange(_RARE_EVERY) == 0:
        parts.append(chance.choice(_RARE))
    return "".join(parts).format(
        year=year,
        month=chance.randrange(1, 13),
        shop=shop(chance),
        goods=chance.choice(_GOODS),
        money=chance.randrange(3, 400) * 100,
        calls=chance.randrange(2, 30),
    )


def demand(chance: Random) -> str:
    """What the consumer asks for."""
    return chance.choice(_DEMANDS).format(money=chance.randrange(3, 400) * 100)


def title(chance: Random) -> str:
    return f"{chance.choice(_GOODS)}分期投诉：{shop(chance)}"
