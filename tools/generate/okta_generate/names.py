# SPDX-License-Identifier: Apache-2.0
"""Makes names of C from names of Okta: one rule for types, functions, members and constants."""

from __future__ import annotations

import re

# Words that Okta writes with capitals inside. Each counts as one word; a lower-case letter behind it tells
# that it is the beginning of another word, as in "IdProofing".
_WORDS = (
    ("OAuth", "Oauth"),
    ("oAuth", "oauth"),
    ("IdPs", "Idps"),
    ("IdP", "Idp"),
    ("idP", "idp"),
    ("URIs", "Uris"),
    ("AAGUIDs", "Aaguids"),
    ("U2F", "U2f"),
    ("iOS", "ios"),
    ("GAed", "Gaed"),
)
_WORD_PATTERN = re.compile("(?:" + "|".join(word for word, _ in _WORDS) + ")(?![a-z])")
_WORD_TEXTS = dict(_WORDS)

KEYWORDS = frozenset(
    # C11
    "auto break case char const continue default do double else enum extern float for goto if inline int long "
    "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
    # C++20, with its operators that are words
    "alignas alignof and and_eq asm bitand bitor bool catch char8_t char16_t char32_t class compl concept "
    "consteval constexpr constinit const_cast co_await co_return co_yield decltype delete dynamic_cast explicit "
    "export false friend mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected "
    "public reinterpret_cast requires static_assert static_cast template this thread_local throw true try typeid "
    "typename using virtual wchar_t xor xor_eq "
    # macros of common systems, and what a model begins with
    "errno linux unix stdin stdout stderr model".split()
)

_MARKUP = re.compile(r"<[^<>]*>")
_REMARK = re.compile(r"\s+\((?:EA|BETA|LEA|with [^()]*)\)$", re.IGNORECASE)


def snake(name: str) -> str:
    """`OAuth2ClientSecret` as `oauth2_client_secret`."""
    text = _WORD_PATTERN.sub(lambda found: _WORD_TEXTS[found.group()], name)
    text = re.sub(r"[^A-Za-z0-9]+", "_", text)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    text = re.sub(r"([A-Z])([A-Z][a-z])", r"\1_\2", text)
    return re.sub(r"_+", "_", text).strip("_").lower()


def member(json_name: str) -> str:
    """The name of a struct's member, an argument or a parameter. Of a URL its last part counts."""
    text = json_name.rstrip("/").rsplit("/", 1)[-1] if "://" in json_name else json_name
    found = snake(text)
    if found in KEYWORDS:
        found += "_"
    if found[:1].isdigit():
        found = "n" + found
    return found


def wire_text(value: str) -> str:
    """The text of an enum value as it is on the wire: without markup and remarks of the description."""
    return _REMARK.sub("", _MARKUP.sub("", value).strip()).strip()


def constant(enum_name: str, text: str) -> str:
    """The constant of an enum value; one that would be a reserved constant gets an underscore."""
    word = snake(text).upper() or "EMPTY"
    if word in ("ABSENT", "OTHER"):
        word += "_"
    return f"{enum_name.upper()}_{word}"
