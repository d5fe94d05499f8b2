"""A pretended recording for the demonstration and the tests: a moving clock with a hum, as WebM that every browser plays.

Made by code: each picture is a WebP of Pillow, whose content is a VP8 key frame as WebM holds it. The hum is one second of Opus, encoded once and
repeated. It shows nobody.
"""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Iterator

from PIL import Image, ImageDraw

SIZE = (320, 240)
PICTURES_A_SECOND = 2
PACKET_MS = 20
SILENCE = bytes.fromhex("f8fffe")  # a packet of Opus that holds nothing
OPUS_HEAD = b"OpusHead\x01\x01" + struct.pack("<HIHB", 312, 48_000, 0, 0)
# Fifty packets of 20 ms, each with its length before it.
_HUM = (
    "J4mX2iF+PaopEcNI7<Cn@CFtQ({!00@d0uZgN{ZOLv*l^=6+kwq`TgI%fGlIo+wTuFRxbxq)6i+Fi4)US$MR9D>^1j@1O-nHHtNS+^tkeQST"
    "ZJ#+6D~UzYMwy~U96Yh%Y(8{3;jfHg>-u|=#o5RF>p;bFa*VWWv<!{o#d*|6<{l=t^3XH)4V)O`f5?Oc;w;pBB7F$zK-C3%1<NT2z+aBF4jj"
    "ltG~_rAg3n}!<Xf<?Y?`QV4`H~Rnp@ZVLiRjZ9vxnL<spZTS$_mFTyi+Jj&>xt(}<mC7k7-YvU#2NVe@h7#Ldy6L}IP$?xDoCICxp<6(Fynz"
    "w&Pz1jo<}*^9RGpV-K?EQN?jAXkQyE1&aeLnj3R&{NT0)%y=bI$|IJ0xiI^~8x$nEm(%XCq#$MZH(g=GlV4x;Qo_jiD(B=}Tx>|Gt0rp%+KJ"
    "oM?wje!eg-NdFe=7;R9vQ!-a2rUR_z!9GOT0Zo!nic`ZQ^&^8nqSTGY%*z%pFLZ@%W%k$RVDCDn}XmV182+f8%autZTATLFB+2NSg*8;3{{1"
    "6mwNVy4izdeYk6#Kz2BFMX0bTNHZs^!Fsz0dH5;H$Y>By>JKut8X7O_!wv`s#iua5_l;0fz-UW+fF?*YC#%76Xw0am7+@a;D+=sTe_+^S!dP"
    "6w+1}TXysVXJ70i&}97vlg%NF>KdkQ`{z0mMnykMS~oSOpTMR}r7s3J(4KAs#Y$ve-g5hB4Vt^@ydBG^VoILSOx_pTvQZX{-|CP<t^?=$U|P"
    "s{(F5(DtCWszVM88OhSmR|Vf%{9U;6+*28$7f74NS&z%*yC3g;+V#G=EkqDf)plyxT&#G#7VN^5lYC`@qR4rk*qG!Z-P|+yl@|#{T($oNTE2"
    "YefmD>K`F?wA7n<`&?3QBL7J^+y$4lvHLajfRt#<s$VlHYPlnfoCk2wT{906V=i@*)NTSBSB*weZC^{a&!Gk&tT_KzwA{I8LTl2KwV0bi<Xm"
    "BQg#4C`_R>tV8v3#d2yfFhR9jsk&I!LFbwyNF=B&NHO+sL$=btwV!!!KL2F2qV_J)As~uiB;pZNnS{9+f@~Pv#Pz&eqhM-RZ|{r++{=NT~p)"
    "%X299BprvDFqo+^JG)#>C^0%c0vaoOo%ta%N7fab3f)En$oR`rzeh$jYC2+}Rda5@GDxSafQ^NxK^a28<L6kk`)%qfx8JRbZ6m=|y{uwcYB)"
    "8Om0OVmHS{vDm1$HxwN6MQNCq^)%%fj7sRMh#VyYiQ%1wO8S<((bE;Vu&UTuMdIPb<9NCqMHl5A^o^Y0NVD!dD5YZjRFRg&NU$Pyk%1`&J;L"
    "XY;eDoT@s%O%ZecsWvKK+94Jcg8|yfF4K&2}0+O>JrI1q0K+ilxs(j60Q63q2W}~($Il8A4mnm7%xe1IqsLtLbTg%$DL<>%M7s11dE?L_6f+"
    "T9!Le0donZd+X;)Kuzb24+>dhB04Y!@A54K5Uwn5RNCj++3Mj!&B@k1Do)q3m0fTGYCnt56+~&{@tszJSa46%HrJN#e*in-*e09f#JbESwjo"
    "imSzb*BK@eOz+NCk`$6CYG%5~w1}w}x8oO(z6p%@*zbhK6$kY(Od+BWLbxEl8g6_Jl}WrmXCG8F}JMPQzj6+XD|9LqK^Tn^Ql4!7s%v(n1kM"
    "JIL`8fPgbdr7A3IdS}WYaiPA|WM@Zc8ugXMgMrn-7Tsy_PPDR}VnLKr#MFkNa6&sEl&MPx=s+(>sBb#i2U6>MFM>P0NdD)P&btp<yGW>Cw&;"
    "zDSg99R@5MyuuXd7VT}2hh@>?uOuC7Eg9fxqz)c-Lu;N(1#3wnQkB>|i><&WM}ihvA8ln<B?MJ?8n1fSp~NV1t|ZrIK5ZKZ2v{hhvwY;Znh$"
    "C+Cnm^rx@PI<R$p_vl2z#>SsI-T9&xPGvG9#215=)}RrZRpgRBN3J0u|zsp4!j)5AxN{*pm!Gy{>sc4%<~GoFwpnbF-Kd+LlCeop`-&dNl+k"
    "2wIK)A$mRWpBXlALiU)eF^T=bC^If6?;>L4$rg2~*NU$*%ol)slej1E`gSag;E?Z|}z&sEa6-WVHKvl&ETaX+`t3doK%awB93zyQr#=Onf_5"
    "D9%b_-tUPTN2sNUF+{U!UN3^tb~`AS7Ql%7DcDJ&bxP8<omR>!r--ARS1jL*RWgJ4#VP>bpMYW`A{(94W(IRb3slC+)NxNTY7Ho>y+kweblx"
    "zq<}8*|`d#%5;}b>)OI_6G);aMMCH&#gNPiGG;$n=Bl7}8AzY`xp-eLmlpOv-Z?xm!*$ccOaApC4oDtIpez+H#(!m0RlW-EM;en9(;zpFD~L"
    "e45rihOKov+lZ`WPwI78NNU2#kvCzULBXCtd2NTzz~DP9VM2hM&ru!cAhUHZw)gx|z15VWaUhkcgDJu674W76X5dDyb0HzWB1_itIU88iN$9"
    "8#@WY}sOQ9>Xp~&V|^}x6y88U;"
)


def pretended_webm(
    seconds: int,
    *,
    has_picture: bool = True,
    has_sound: bool = True,
    silent: tuple[int, int] = (0, 0),
    hole: tuple[int, int] = (0, 0),
    seed: int = 0,
) -> bytes:
    """A film of so many seconds. `silent` is a stretch of seconds without sound, `hole` one without a picture; `seed` makes another file."""
    blocks = [
        *(_pictures(seconds, hole, seed) if has_picture else ()),
        *(_sounds(seconds, silent) if has_sound else ()),
    ]
    tracks = [_video()] * has_picture + [_audio()] * has_sound
    info = _element(0x2AD7B1, _whole(1_000_000)) + _element(0x4489, struct.pack(">d", seconds * 1000.0))
    body = _element(0x1549A966, info + _element(0x4D80, b"jike") + _element(0x5741, b"jike"))
    body += _element(0x1654AE6B, b"".join(tracks)) + b"".join(_clusters(sorted(blocks, key=lambda b: b[0]), seconds))
    head = b"".join(
        _element(name, value)
        for name, value in (
            (0x4286, b"\1"), (0x42F7, b"\1"), (0x42F2, b"\4"), (0x42F3, b"\x08"),
            (0x4282, b"webm"), (0x4287, b"\4"), (0x4285, b"\2"),
        )
    )  # fmt: skip
    return _element(0x1A45DFA3, head) + _element(0x18538067, body)


def _video() -> bytes:
    size = _element(0xB0, _whole(SIZE[0])) + _element(0xBA, _whole(SIZE[1]))
    said = _element(0xD7, b"\1") + _element(0x73C5, b"\1") + _element(0x83, b"\1") + _element(0x86, b"V_VP8")
    return _element(0xAE, said + _element(0xE0, size))


def _audio() -> bytes:
    sound = _element(0xB5, struct.pack(">d", 48_000.0)) + _element(0x9F, b"\1")
    said = _element(0xD7, b"\2") + _element(0x73C5, b"\2") + _element(0x83, b"\2") + _element(0x86, b"A_OPUS")
    return _element(0xAE, said + _element(0x63A2, OPUS_HEAD) + _element(0xE1, sound))


def _pictures(seconds: int, hole: tuple[int, int], seed: int) -> Iterator[tuple[int, int, bytes]]:
    for n in range(seconds * PICTURES_A_SECOND):
        at = n * 1000 // PICTURES_A_SECOND
        if not hole[0] * 1000 <= at < hole[1] * 1000:
            yield at, 1, _picture(at, seed)


def _picture(at: int, seed: int) -> bytes:
    image = Image.new("RGB", SIZE, (226, 239, 239))
    draw = ImageDraw.Draw(image)
    draw.ellipse((90, 50, 230, 190), fill=(15, 88, 100))
    draw.pieslice((100, 60, 220, 180), -90, -90 + (at % 60_000) * 6 // 1000, fill=(255, 184, 28))
    draw.text((10, 10), f"{at // 60_000:02}:{at // 1000 % 60:02}  {seed}", fill=(9, 61, 71))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=30, method=0)
    content = out.getvalue()
    place = content.index(b"VP8 ")
    return content[place + 8 : place + 8 + int.from_bytes(content[place + 4 : place + 8], "little")]


def _sounds(seconds: int, silent: tuple[int, int]) -> Iterator[tuple[int, int, bytes]]:
    packets = list(_packets(base64.b85decode(_HUM)))
    for n in range(seconds * 1000 // PACKET_MS):
        at = n * PACKET_MS
        is_silent = silent[0] * 1000 <= at < silent[1] * 1000
        yield at, 2, SILENCE if is_silent else packets[n % len(packets)]


def _packets(raw: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(raw):
        yield raw[at + 1 : at + 1 + raw[at]]
        at += 1 + raw[at]


def _clusters(blocks: list[tuple[int, int, bytes]], seconds: int) -> Iterator[bytes]:
    for start in range(0, seconds * 1000, 5_000):
        inside = [one for one in blocks if start <= one[0] < start + 5_000]
        simple = (
            _element(0xA3, bytes([0x80 | track]) + struct.pack(">h", at - start) + b"\x80" + content)
            for at, track, content in inside
        )
        yield _element(0x1F43B675, _element(0xE7, _whole(start)) + b"".join(simple))


def _element(name: int, body: bytes) -> bytes:
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + (len(body) | 1 << 56).to_bytes(8, "big") + body


def _whole(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")
