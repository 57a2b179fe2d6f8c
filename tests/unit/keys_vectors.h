/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that RFCs print. */
#ifndef OKTA_TESTS_UNIT_KEYS_VECTORS_H
#define OKTA_TESTS_UNIT_KEYS_VECTORS_H

/* RFC 7638, section 3.1, whose modulus is that of RFC 7517, appendix A.1 */
#define VECTOR_N                                                                                             \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjB"   \
    "ZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8"   \
    "KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"   \
    "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
#define VECTOR_RSA_THUMBPRINT "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
#define VECTOR_RSA                                                                                           \
    "{\"kty\":\"RSA\",\"n\":\"" VECTOR_N "\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}"

/* RFC 7517, appendix A.2 */
#define VECTOR_D                                                                                             \
    "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv7B6N"   \
    "qXSzUvxT0_YSfqijwp3RTzlBaCxWp4doFk5N2o8Gy_nHNKroADIkJ46pRUohsXywbReAdYaMwFs9tv8d_cPVY3i07a3t8MN6TNwm"   \
    "0dSawm9v47UiCl3Sk5ZiG7xojPLu4sbg1U2jx4IBTNBznbJSzFHK66jT8bgkuqsk0GjskDJk19Z4qwjwbsnn4j2WBii3RL-Us2lG"   \
    "VkY8fkFzme1z0HbIkfz0Y6mqnOYtqc0X4jfcKoAC8Q"
#define VECTOR_P                                                                                             \
    "83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQxtPVnwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmCMjOp"   \
    "SXicFHj7XOuVIYQyqVWlWEh6dN36GVZYk93N8Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs"
#define VECTOR_Q                                                                                             \
    "3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyumqjVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGEiovo"   \
    "nizhKpo9VVS78TzFgxkIdrecRezsZ-1kYd_s1qDbxtkDEgfAITAG9LUnADun4vIcb6yelxk"
#define VECTOR_DP                                                                                            \
    "G4sPXkc6Ya9y8oJW9_ILj4xuppu0lzi_H7VTkS8xj5SdX3coE0oimYwxIi2emTAue0UOa5dpgFGyBJ4c8tQ2VF402XRugKDTP8ak"   \
    "YhFo5tAA77Qe_NmtuYZc3C3m3I24G2GvR5sSDxUyAN2zq8Lfn9EUms6rY3Ob8YeiKkTiBj0"
#define VECTOR_DQ                                                                                            \
    "s9lAH9fggBsoFR8Oac2R_E2gw282rT2kGOAhvIllETE1efrA6huUUvMfBcMpn8lqeW6vzznYY5SSQF7pMdC_agI3nG8Ibp1BUb0J"   \
    "UiraRNqUfLhcQb_d9GF4Dh7e74WbRsobRonujTYN1xCaP6TO61jvWrX-L18txXw494Q_cgk"
#define VECTOR_QI                                                                                            \
    "GyM_p6JrXySiz1toFgKbWV-JdI3jQ4ypu9rbMWx3rQJBfmt0FoYzgUIZEVFEcOqwemRN81zoDAaa-Bk0KWNGDjJHZDdDmFhW3AN7"   \
    "lI-puxk_mHZGJ11rxyR8O55XLSe3SPmRfKwZI6yU24ZxvQKFYItdldUKGzO6Ia6zTKhAVRU"
#define VECTOR_RSA_PRIVATE                                                                                   \
    "{\"kty\":\"RSA\",\"n\":\"" VECTOR_N "\",\"e\":\"AQAB\",\"d\":\"" VECTOR_D "\",\"p\":\"" VECTOR_P        \
    "\",\"q\":\"" VECTOR_Q "\",\"dp\":\"" VECTOR_DP "\",\"dq\":\"" VECTOR_DQ "\",\"qi\":\"" VECTOR_QI        \
    "\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}"

/* RFC 7517, appendices A.1 and A.2 */
#define VECTOR_X "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
#define VECTOR_Y "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
#define VECTOR_EC                                                                                            \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_Y                             \
    "\",\"use\":\"enc\",\"kid\":\"1\"}"
#define VECTOR_EC_D "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"
#define VECTOR_EC_PRIVATE                                                                                    \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" VECTOR_X "\",\"y\":\"" VECTOR_Y "\",\"d\":\"" VECTOR_EC_D   \
    "\",\"use\":\"enc\",\"kid\":\"1\"}"

#endif
