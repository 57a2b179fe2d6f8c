# SPDX-License-Identifier: Apache-2.0
"""Where a value by the rule would not do, by method and path. Each row says why."""

from __future__ import annotations

from typing import Any

# The modulus of RFC 7517, appendix A.1.
_MODULUS = ("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
            "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
            "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
            "nqDKgw")
_KEY = {"kid": "wire", "kty": "RSA", "alg": "RS256", "use": "sig", "e": "AQAB", "n": _MODULUS}
_SECRET = {"client_secret": "a secret of 24 bytes, OK"}

# The description has one property where there is a map of them, by name.
_MAPPINGS = {"properties": {"nick \u00e9": {"expression": "user.nick", "pushStatus": "PUSH"}}}
# One of the alternatives does not tell what a command is.
_COMMANDS = {"commands": [{"type": "com.okta.action.update"}]}
# Texts by language, which the description does not tell.
_TRANSLATIONS = {"translations": {"de": "Ihr Code: ${code}"}}

# Members of a request. Keys are checked before they are sent.
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/mappings/{}": _MAPPINGS,
    "POST /api/v1/templates/sms": _TRANSLATIONS,
    "POST /api/v1/templates/sms/{}": _TRANSLATIONS,
    "PUT /api/v1/templates/sms/{}": _TRANSLATIONS,
    "POST /api/v1/apps/{}/credentials/jwks": _KEY,
    "POST /api/v1/apps/{}/credentials/secrets": _SECRET,
}

# Members of an answer, or of each object of a list. What Okta creates comes back as it was sent.
ANSWERS: dict[str, dict[str, Any]] = {
    "POST /api/v1/inlineHooks/{}/execute": _COMMANDS,
    "GET /api/v1/mappings/{}": _MAPPINGS,
    "POST /api/v1/mappings/{}": _MAPPINGS,
    "GET /api/v1/templates/sms": _TRANSLATIONS,
    "POST /api/v1/templates/sms": _TRANSLATIONS,
    "GET /api/v1/templates/sms/{}": _TRANSLATIONS,
    "POST /api/v1/templates/sms/{}": _TRANSLATIONS,
    "PUT /api/v1/templates/sms/{}": _TRANSLATIONS,
    "POST /api/v1/apps/{}/credentials/jwks": {"id": "w", **_KEY},
    "POST /api/v1/apps/{}/credentials/secrets": {"id": "w", **_SECRET},
}

# The state that a change of state leads to: the first one that the object can have.
STATES = {"activate": ["ACTIVE"], "deactivate": ["INACTIVE", "DEACTIVATED"], "suspend": ["SUSPENDED"], "unsuspend": ["ACTIVE"]}

# The description has a comma where RFC 9110, section 8.3.1, has a semicolon.
MEDIA_TYPES = {"application/json, okta-version=1.0.0": "application/json;okta-version=1.0.0"}

# Without its body it looks what there is before it sends anything.
NEVER_WITHOUT = {"POST /api/v1/apps/{}/credentials/secrets"}

# Keys of mappings that the discriminator cannot have: the key type of a JWK is none of its uses.
NO_VALUES = {("kty", "sig"), ("kty", "enc")}
