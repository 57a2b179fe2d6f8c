/* SPDX-License-Identifier: Apache-2.0 */
/* A transfer from its beginning to its end. Nothing here waits: in between, its owner drives libcurl. It
 * sends a request exactly once unless `may_resend` allows more. */
#ifndef OKTA_HTTP_TRANSFER_RUN_H
#define OKTA_HTTP_TRANSFER_RUN_H

#include "http/retry.h"
#include "http/transfer.h"
#include "http/verdict.h"

/* Make a zeroed one ready. False: out of memory; it is to be cleared all the same. */
bool oktai_transfer_init(oktai_transfer *transfer, const oktai_transport_options *options);
/* Free its handle, once it is in no CURLM. */
void oktai_transfer_free_handle(oktai_transfer *transfer);
/* Free the rest. The CURLMs that it was in are gone: what OpenSSL calls for their connections comes here. */
void oktai_transfer_clear(oktai_transfer *transfer);

/* A request and the time for it begin. `response` is emptied; it and all of the request are borrowed until
 * the transfer is closed. */
void oktai_transfer_prepare(oktai_transfer *transfer, const oktai_request *request, oktai_response *response);
/* Hand the request to libcurl, for the time that is left of it. `connections`: those of `multi`, which other
 * requests use too; NULL: there is one at a time. False: out of memory, and it was not. */
bool oktai_transfer_begin(oktai_transfer *transfer, const oktai_request *request, CURLM *multi,
                          oktai_connections *connections);
/* What became of it. */
oktai_attempt oktai_transfer_judge(oktai_transfer *transfer, const oktai_ending *ending);
/* Take it back from libcurl: it may begin once more. */
void oktai_transfer_take_back(oktai_transfer *transfer);
/* Refer to its connection no more. */
void oktai_transfer_leave_connection(oktai_transfer *transfer);
/* Whether libcurl can read the `ca_file` that it opens by itself where the client has no store of its own;
 * else the transfer has an error for it. */
bool oktai_transfer_can_trust(oktai_transfer *transfer);
/* The end of a request, whether or not it began. A body that did not come whole is not kept. Returns the
 * attempt, with what is to be counted. */
oktai_attempt oktai_transfer_close(oktai_transfer *transfer, oktai_attempt attempt);

/* Whether the answer trickles: to be asked now and then while the transfer runs. */
bool oktai_transfer_is_too_slow(oktai_transfer *transfer);

#endif
