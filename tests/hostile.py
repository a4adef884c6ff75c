"""Strings people should not send and somebody will: every form is fed each of them in every field."""

SCRIPT = "<script>alert('böse')</script>"

MARKUP = {
    "a script": SCRIPT,
    "a closing tag first": "</textarea></title></option><script>alert(1)</script>",
    "out of an attribute": '"><img src=x onerror=alert(1)>',
    "out of an attribute, single": "' autofocus onfocus='alert(1)",
    "an svg": "<svg/onload=alert(1)>",
    "a link": "[Klick](javascript:alert(1))",
    "a link, disguised": "[Klick](java\tscript:alert(1))",
    "a link with entities": "[Klick](&#106;avascript:alert(1))",
    "a picture from elsewhere": "![Bild](https://elsewhere.example/zaehler.gif)",
    "a data address": "[Klick](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "a style": '<style>body{display:none}</style><p style="position:fixed">x</p>',
    "a form": "<form action='https://elsewhere.example'><input name=password></form>",
    "an htmx attribute": "<div hx-get='/logout' hx-trigger='load' hx-on:click='alert(1)'>x</div>",
    "a base": "<base href='https://elsewhere.example/'>",
    "broken entities": "&lt;b&gt; &amp;amp; &#0; &#x110000; &unknown;",
    "an unclosed comment": "<!-- <b>",
    "cdata": "<![CDATA[<b>]]>",
}
INJECTIONS = {
    "sql": "'; DROP TABLE ideas; --",
    "sql, or": "' OR '1'='1",
    "sql, like": "%_\\%",
    "full text query": '"AND" OR NOT NEAR( * ) col:x ^a -b + {c}',
    "tsquery": "a & | ! <-> :* '",
    "template": "{{ 7*7 }}{% raw %}",
    "template, object": "{{ config.__class__.__mro__ }}",
    "format": "%s%n%(geheim)x {0.__class__} {settings}",
    "shell": "; rm -rf / & $(id) `id` | cat",
    "a header": "Betreff\r\nBcc: opfer@example.org\r\n\r\nText",
    "csv formula": '=HYPERLINK("https://elsewhere.example";"x")',
    "csv formula, plus": "+49 351 12345",
    "csv formula, at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a path": "../../../../etc/passwd",
    "a path, windows": "..\\..\\windows\\win.ini",
    "a log line": 'ok\n{"level":"error","event":"gefälscht"}',
    "an address elsewhere": "//elsewhere.example/",
    "an address of a file": "file:///etc/passwd",
    "json": '{"$ne": null}',
}
UNICODE = {
    "right to left override": "Gehaltsliste\u202egpj.exe",
    "isolates": "\u2066\u2067Titel\u2069",
    "zero width": "Id\u200be\u200ce\u200d\u2060",
    "soft hyphens": "Bür\u00adger\u00adrat",
    "a byte order mark": "\ufeffTitel",
    "combining": "e\u0301a\u0308o\u0308u\u0308",
    "combining, many": "Z" + "\u0335\u0322\u0318" * 60 + "algo",
    "emoji": "👩🏽‍🚒🏳️‍🌈🇩🇪 Feuerwehr",
    "beyond the basic plane": "𝕴𝖉𝖊𝖊 𠜎𠜱",
    "look-alikes": "Αdmіnіstrаtоr",
    "private use": "\ue000\uf8ff\U000f0000",
    "non-characters": "\ufffe\uffff\U0001ffff",
    "line separators": "eins\u2028zwei\u2029drei\u0085vier",
    "odd blanks": "\u00a0\u2003\u3000Titel\u00a0",
    "arabic": "مبادرة اجتماعية",
    "turkish i": "İstanbul ıI",
    "sharp s": "STRAẞE Straße ﬁ ﬃ",
    "digits of others": "٤٢ ４２ ²³ ½",
}
CONTROLS = {
    "bell and escape": "Titel\x07\x1b[31mrot\x1b[0m",
    "backspaces": "abc\x08\x08\x08",
    "vertical tab and form feed": "a\x0bb\x0cc",
    "delete and high controls": "a\x7fb\x80c\x9f",
    "carriage returns": "eins\rzwei\r\ndrei\n\n\n\nvier",
    "tabs": "\t\tTitel\t",
}
EMPTY = {"nothing": "", "blanks": "   ", "line breaks": "\n\r\n\n", "only zero width": "\u200b\u200d\ufeff"}
LONG = {
    "one long word": "Donaudampfschifffahrt" * 60,
    "many lines": "Zeile\n" * 5000,
    "deep quotes": ">" * 3000 + " x",
    "deep lists": "".join(" " * 2 * depth + "- x\n" for depth in range(200)),
    "many brackets": "[" * 4000,
    "many stars": "*a_" * 4000,
    "a long address": "https://example.org/" + "a" * 4000,
}
NUMBERS = {
    "zero": "0",
    "negative": "-1",
    "too big": "99999999999999999999",
    "infinite": "inf",
    "not a number": "NaN",
    "exponent": "1e309",
    "hexadecimal": "0x1F",
    "german decimal": "1.234,56",
    "a list": "1,2",
    "true": "true",
    "null": "null",
    "a date that is none": "2027-02-30",
    "a far date": "9999-12-31",
    "year zero": "0000-00-00",
}

STRINGS = MARKUP | INJECTIONS | UNICODE | CONTROLS | EMPTY | LONG | NUMBERS
"""Everything that is valid UTF-8 without NUL: the answer is a clear 4xx, or the text shown literally."""

REFUSED = {"a nul": "Titel\x00ende", "only nul": "\x00"}
"""Refused with 400 wherever it stands."""

BROKEN_BYTES = [b"%FF%FE", b"%C3%28", b"%ED%A0%80", b"%F5%80%80%80", b"%00"]
"""Percent-encoded bytes that are no UTF-8 (a lone surrogate among them), for paths, queries and forms."""

IDS = [
    "0", "-1", "+1", "1.0", "1e3", "0x1", "abc", "1;2", "1%00", "%FF%FE", "%2e%2e", "٤٢", " 1", "1 ", "null",
    "9223372036854775807", "9223372036854775808", "99999999999999999999", "1" * 400,
]  # fmt: skip
"""What stands in an address where a number should; none of them exists."""

FILE_NAMES = [
    "../../../etc/passwd.png", "..\\x.png", "/etc/passwd", "a\r\nSet-Cookie: x=1.png", "\u202egpj.exe", "bild.php.png",
    "bild.svg", ".htaccess", "con.png", "a" * 3000 + ".png", "<img src=x onerror=alert(1)>.png", "",
]  # fmt: skip
"""Names of uploaded files; none of them may become a name on the disk."""
