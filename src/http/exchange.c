/* SPDX-License-Identifier: Apache-2.0 */
#include "http/exchange.h"

void oktai_response_clear(oktai_response *response)
{
    response->http_status = 0;
    oktai_headers_clear(&response->headers);
    oktai_buffer_clear(&response->body);
}
