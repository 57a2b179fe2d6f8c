/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an answer is Okta's own word, or that of something between here and Okta: a proxy, a gateway, a
 * portal that wants a login. A status alone tells that of neither. */
#ifndef OKTA_CLIENT_WORD_H
#define OKTA_CLIENT_WORD_H

#include "core/buffer.h"
#include "core/redaction.h"
#include "http/transport.h"

/* `name="value"` of the WWW-Authenticate headers (RFC 6750, section 3): all that some refusals tell. Lives as
 * long as the response. NULL: there is none, or memory is out. `redactor`: hides what must not be shown; NULL
 * for a text that is only compared. */
const char *oktai_word_challenge(oktai_response *response, oktai_redactor *redactor, const char *name);

/* Fill in what a whole answer of 400 or above means: `foreign`, `refused` and `code`. */
void oktai_word_judge(oktai_response *response, oktai_attempt *attempt);

/* Whether a failed answer says why in Okta's own words: by `errorCode`, by the `error` of OAuth (RFC 6749,
 * section 5.2) or by that of a challenge. Of 404 and 410 only `errorCode` counts. */
bool oktai_word_is_own(oktai_response *response);

/* Whether a refusal asks for a proof with the nonce that came with it (RFC 9449, sections 8 and 9). */
bool oktai_word_asks_for_nonce(oktai_response *response);

/* Whether the Content-Type begins with this, without regard to case. */
bool oktai_word_is_type(const oktai_response *response, const char *prefix);

/* Whether the body is a web page. */
bool oktai_word_is_page(const oktai_response *response);

/* Append what an answer is that has no word of Okta's, in at most 300 bytes: a page with its title, a
 * redirect with its target, what a gateway says of itself. Nothing is appended where nothing is known. The
 * redactor hides what the call must not show. */
void oktai_word_describe(oktai_buffer *out, const oktai_response *response, oktai_redactor *redactor);

#endif
