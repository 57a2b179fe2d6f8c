/* SPDX-License-Identifier: Apache-2.0 */
/* The options of libcurl: those of every transfer of a client, and those of one request. */
#ifndef OKTA_HTTP_TRANSFER_OPTIONS_H
#define OKTA_HTTP_TRANSFER_OPTIONS_H

#include "http/transfer.h"

/* A handle with the client's options. NULL: out of memory. */
CURL *oktai_transfer_new_easy(oktai_transfer *transfer);

/* The request's own, on the transfer's handle. They refer to the request. False: out of memory. */
bool oktai_transfer_set_request(oktai_transfer *transfer, const oktai_request *request);

/* Nothing of the request stays referenced. */
void oktai_transfer_forget_request(oktai_transfer *transfer);

#endif
