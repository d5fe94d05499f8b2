"""From what people write to what is compared: one spelling for width, case and script, and the tokens of it."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from jike.privacy.keyring import keyring

TOKEN_LENGTH = 40
TOKENS_OF_A_PIECE = 20_000

# Characters that are written without spaces between words: each pair of neighbours is a token.
_IDEOGRAPH = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f\U00030000-\U000323af"
_RUN = re.compile(rf"[{_IDEOGRAPH}]+|[^\W_{_IDEOGRAPH}]+")
_GAP = re.compile(rf"(?<=[{_IDEOGRAPH}])\s+(?=[{_IDEOGRAPH}])")
_SPACE = re.compile(r"\s+")

# The traditional characters that complaints meet most often; others are compared as they are.
_TRADITIONAL = str.maketrans(
    "錢貸還帳賬戶號碼構機關銀業務費額減緩稅貨買賣購車輛醫療學習課師訓練館運動員會開關門閉實驗證據記錄簽約條款責任違規檢舉報處理決議調解訴訟請詐騙"
    "誘導隱瞞虛偽廣傳資訊風險徵欠債權轉讓與對於從後個們時間點過進遠電話聯繫絡網站線點頭長東馬鳥魚龍鳳張劉陳楊趙吳孫鄭馮許呂蔣葉閻鍾譚陸蘇盧賈鄧蕭"
    "歲歷當應該為無產廠場價單總數雙兩萬億變現發現體屬層態認識說讓講談論評語譯誤設計劃護衛壓歸歡樂觀覽視頻優惠復雜離婚親愛動勞勝務區協歐華莊嚴國圖園圓團",
    "钱贷还帐账户号码构机关银业务费额减缓税货买卖购车辆医疗学习课师训练馆运动员会开关门闭实验证据记录签约条款责任违规检举报处理决议调解诉讼请诈骗"
    "诱导隐瞒虚伪广传资讯风险征欠债权转让与对于从后个们时间点过进远电话联系络网站线点头长东马鸟鱼龙凤张刘陈杨赵吴孙郑冯许吕蒋叶阎钟谭陆苏卢贾邓萧"
    "岁历当应该为无产厂场价单总数双两万亿变现发现体属层态认识说让讲谈论评语译误设计划护卫压归欢乐观览视频优惠复杂离婚亲爱动劳胜务区协欧华庄严国图园圆团",
)


def folded(text: str) -> str:
    """`text` in one spelling: half width, small letters, simplified where known, no gaps inside Chinese."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_TRADITIONAL)
    return _SPACE.sub(" ", _GAP.sub("", plain)).strip()


def tokens_of(text: str, *, place: str = "w") -> set[int]:
    """The keyed tokens of `text`: every pair of neighbouring ideographs, every word of letters and digits.

    A single ideograph makes none: it would name itself by how often it occurs. `place` keeps kinds of text apart.
    """
    found: set[int] = set()
    key = _key()
    for token in _words_of(folded(text)):
        found.add(_keyed(key, place, token))
        if len(found) >= TOKENS_OF_A_PIECE:
            break
    return found


def is_one_token(plain: str) -> bool:
    """Whether a folded word is exactly one token: whatever has the token then has the word, and nobody needs to open it."""
    run = _RUN.fullmatch(plain)
    if run is None:
        return False
    return len(plain) == 2 if re.match(rf"[{_IDEOGRAPH}]", plain) else len(plain) <= TOKEN_LENGTH


def _words_of(text: str) -> Iterator[str]:
    for match in _RUN.finditer(text):
        run = match.group()
        if re.match(rf"[{_IDEOGRAPH}]", run):
            yield from (run[i : i + 2] for i in range(len(run) - 1))
        else:
            yield run[:TOKEN_LENGTH]


def runs_of(text: str) -> list[str]:
    """`text` cut where tokens never reach across: the tokens of the whole are those of its runs, if no spaces are inside its Chinese."""
    return _RUN.findall(text)


def keyed(place: str, token: str) -> int:
    """The four bytes that stand for one token: equal for equal tokens, and without the key nothing else."""
    return _keyed(_key(), place, token)


@lru_cache(maxsize=200_000)
def _keyed(key: bytes, place: str, token: str) -> int:
    return int.from_bytes(hmac.digest(key, f"{place}|{token}".encode(), hashlib.sha256)[:4], "big", signed=True)


def _key() -> bytes:
    ring = keyring("BLIND_INDEX_KEY")
    return _derived(ring.keys[ring.current])


@lru_cache(maxsize=4)
def _derived(key: bytes) -> bytes:
    return hmac.digest(key, b"jike.search|1", hashlib.sha256)
