# SPDX-License-Identifier: Apache-2.0
# Keys and tokens that python3-jwcrypto makes, one a line:
#
#     key NAME JWK             a private key
#     set JWKS                 the public halves of all of them
#     jws NAME TOKEN PAYLOAD   signed by that key
#     jwe NAME TOKEN PAYLOAD   encrypted for it
#     zip NAME TOKEN PAYLOAD   the same, compressed
#
# PAYLOAD is base64url.
import json

from jwcrypto import jwe, jwk, jws
from jwcrypto.common import base64url_encode

PAYLOAD = ("Grüße an " + "einen Text von mehreren Blöcken ").encode()
ENCS = ("A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512")


def sign(key, name, alg):
    token = jws.JWS(PAYLOAD)
    token.add_signature(key, protected=json.dumps({"alg": alg, "kid": name}))
    print("jws", name, token.serialize(compact=True), base64url_encode(PAYLOAD))


def encrypt(key, name, header, kind="jwe"):
    token = jwe.JWE(PAYLOAD, protected=json.dumps(dict(header, kid=name)))
    token.add_recipient(key)
    print(kind, name, token.serialize(compact=True), base64url_encode(PAYLOAD))


def main():
    keys = {"rsa": jwk.JWK.generate(kty="RSA", size=2048, kid="rsa")}
    for curve in ("P-256", "P-384", "P-521"):
        keys[curve] = jwk.JWK.generate(kty="EC", crv=curve, kid=curve)
    for name, key in keys.items():
        print("key", name, json.dumps(json.loads(key.export()), separators=(",", ":")))
    public = {"keys": [json.loads(key.export_public()) for key in keys.values()]}
    print("set", json.dumps(public, separators=(",", ":")))
    for alg in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"):
        sign(keys["rsa"], "rsa", alg)
    for curve, alg in (("P-256", "ES256"), ("P-384", "ES384"), ("P-521", "ES512")):
        sign(keys[curve], curve, alg)
    for alg in ("RSA-OAEP", "RSA-OAEP-256"):
        for enc in ENCS:
            encrypt(keys["rsa"], "rsa", {"alg": alg, "enc": enc})
    encrypt(keys["rsa"], "rsa", {"alg": "RSA-OAEP", "enc": "A128GCM", "zip": "DEF"}, "zip")


main()
