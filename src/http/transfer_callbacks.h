/* SPDX-License-Identifier: Apache-2.0 */
/* What libcurl calls during a transfer. */
#ifndef OKTA_HTTP_TRANSFER_CALLBACKS_H
#define OKTA_HTTP_TRANSFER_CALLBACKS_H

#include "http/transfer.h"

/* Have them called for transfers of `easy`. False: out of memory. */
bool oktai_transfer_set_callbacks(oktai_transfer *transfer, CURL *easy);

#endif
