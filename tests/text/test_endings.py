"""What sites put at the end of a text goes; what a post says stays."""

import pytest

from nordic_tui.text.endings import strip_footer, tidy_excerpt

TEXT = "<p>Something new.</p>"
LINKS = '<a rel="nofollow" href="https://a.example/p/">{}</a>'


@pytest.mark.parametrize(
    "sentence",
    [
        "The post {} appeared first on {}.",
        "Der Beitrag {} erschien zuerst auf {}.",
        "Indlægget {} blev først udgivet på {}.",
        "Indlægget {} blev vist først på {}.",
        "Inlägget {} dök först upp på {}.",
        "Innlegget {} dukket først opp på {}.",
    ],
)
def test_the_footer_of_seo_plugins_is_stripped(sentence: str) -> None:
    footer = sentence.format(LINKS.format("Hosts &#038; light"), LINKS.format("Safe Cities"))
    assert strip_footer(f"{TEXT}\n<p>{footer}</p>\n") == TEXT
    assert strip_footer(f"<p>{footer}</p>") == ""


def test_a_footer_in_another_language_needs_title_and_site() -> None:
    footer = f"<p>Xyz {LINKS.format('Hosts')} abc {LINKS.format('Safe Cities')}</p>"
    assert strip_footer(TEXT + footer, "Hosts", "Safe Cities") == TEXT
    assert strip_footer(TEXT + footer, "Hosts", "Elsewhere") == TEXT + footer
    assert strip_footer(TEXT + footer) == TEXT + footer


@pytest.mark.parametrize(
    "html",
    [
        "<p>The post office appeared in town.</p>",
        "<p>The post A appeared first on B.</p><p>More.</p>",
        "<p>The post A appeared first on B. " + "And it went on. " * 200 + "</p>",
        "The post A appeared first on B.",
    ],
)
def test_other_paragraphs_stay(html: str) -> None:
    assert strip_footer(html) == html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A whole text.", ("A whole text.", False)),
        ("", ("", False)),
        ("Cut off […]", ("Cut off…", True)),
        ("Cut off [...]", ("Cut off…", True)),
        ("Cut off [&#8230;]", ("Cut off…", True)),
        ("Cut off…", ("Cut off…", True)),
        ("Cut off (more…)", ("Cut off…", True)),
        ("A sentence. […]", ("A sentence. …", True)),
        ("Cut off […] Read more »", ("Cut off…", True)),
        ("Cut off… Continue reading “A title” →", ("Cut off…", True)),
        ("Cut off…\n\nLæs mere", ("Cut off…", True)),
        ("Read more", ("", True)),
        ("Here is where to read more", ("Here is where to read more", False)),
        ("He [...] said so.", ("He [...] said so.", False)),
    ],
)
def test_excerpts_are_tidied(text: str, expected: tuple[str, bool]) -> None:
    assert tidy_excerpt(text) == expected
