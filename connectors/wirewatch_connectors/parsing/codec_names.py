"""Names of encodings: which codecs a feed may use, and what the web means by the names it writes.

Only the codecs named here are ever invoked: Python's registry also holds `zip`, `idna`, `utf-7` and `unicode_escape`.
"""

from __future__ import annotations

_SINGLE_BYTE_NAMES = """
cp037 cp1006 cp1026 cp1125 cp1140 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp273 cp424
cp437 cp500 cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866
cp869 cp874 cp875 hp-roman8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 iso8859-2 iso8859-3 iso8859-4
iso8859-5 iso8859-6 iso8859-7 iso8859-8 koi8-r koi8-t koi8-u kz1048 mac-cyrillic mac-greek mac-iceland
mac-latin2 mac-roman mac-turkish ptcp154 tis-620
"""
_MULTI_BYTE_NAMES = """
big5hkscs cp932 cp949 cp950 euc-jis-2004 euc-jisx0213 euc-jp gb18030 hz iso2022-jp iso2022-jp-1 iso2022-jp-2
iso2022-jp-2004 iso2022-jp-3 iso2022-jp-ext iso2022-kr johab shift-jis-2004 shift-jisx0213 utf-16 utf-16-be
utf-16-le utf-32 utf-32-be utf-32-le utf-8
"""
#: Codec, then the names that mean it. Many name a subset of what is sent under them (WHATWG Encoding Standard §4.2).
_NAMES_BY_CODEC = """
utf-8: utf8 u8
utf-16: unicode utf16 ucs-2 iso-10646-ucs-2 u16
utf-16-le: utf-16le
utf-16-be: utf-16be
utf-32: utf32 ucs-4 iso-10646-ucs-4 u32
utf-32-le: utf-32le
utf-32-be: utf-32be
cp1252: us-ascii ascii iso-8859-1 latin-1 latin1 l1 iso8859-1
cp1254: iso-8859-9 iso8859-9 latin5
cp874: iso-8859-11
gb18030: gb2312 gbk gb-2312-80 gb-18030 cp936 euc-cn x-gbk chinese
hz: hz-gb-2312
big5hkscs: big5 big5-hkscs csbig5 big5-tw
cp932: shift-jis shiftjis sjis x-sjis windows-31j ms932
shift-jis-2004: shift-jis2004
shift-jisx0213: shift-jisx0213
euc-jp: eucjp ujis
euc-jis-2004: eucjis2004
euc-jisx0213: eucjisx0213
iso2022-jp: iso-2022-jp csiso2022jp
iso2022-kr: iso-2022-kr csiso2022kr
cp949: euc-kr euckr ks-c-5601-1987 ks-c-5601 ksc5601 uhc ms949 korean
koi8-r: koi8
mac-roman: macintosh mac
tis-620: tis620
hp-roman8: roman8 r8
mac-cyrillic: x-mac-cyrillic
ptcp154: cyrillic-asian pt154
kz1048: rk1048 strk1048-2002 kz-1048
iso8859-2: latin2
iso8859-3: latin3
iso8859-4: latin4
iso8859-5: cyrillic
iso8859-6: arabic
iso8859-7: greek
iso8859-8: hebrew iso-8859-8-i
iso8859-10: latin6
iso8859-13: latin7
iso8859-14: latin8
iso8859-15: latin9
iso8859-16: latin10
cp037: ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-nl
cp500: ebcdic-cp-be ebcdic-cp-ch
cp424: ebcdic-cp-he
"""

SINGLE_BYTE = frozenset(_SINGLE_BYTE_NAMES.split())
MULTI_BYTE = frozenset(_MULTI_BYTE_NAMES.split())
ALLOWED_CODECS = tuple(sorted(SINGLE_BYTE | MULTI_BYTE))


def _read_names(table: str) -> dict[str, str]:
    names: dict[str, str] = {}
    codec = ""
    for word in table.split():
        if word.endswith(":"):
            codec = word[:-1]
        else:
            names[word] = codec
    return names


_MEANT = _read_names(_NAMES_BY_CODEC)


def find_codec(name: str) -> str | None:
    """Give the codec that the web means by `name`, or None when it is not one that feeds may use."""
    key = name.strip().lower().replace("_", "-")
    if key.startswith(("csiso", "x-cp", "x-windows")):
        key = key[2:]
    for prefix in ("windows-", "ibm-", "ibm", "cp-", "win-"):
        if key.startswith(prefix) and key[len(prefix) :].isdigit():
            key = "cp" + key[len(prefix) :].zfill(3)
    key = _MEANT.get(key, key)
    if key.startswith("iso-8859"):
        key = key.replace("iso-8859", "iso8859", 1)
    return key if key in SINGLE_BYTE or key in MULTI_BYTE else None
