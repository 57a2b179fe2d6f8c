/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_verdicts.h"

#define UNKNOWN OKTA_E_OUTCOME_UNKNOWN

const fault_verdict fault_whole = {{
    [FAULT_GET] = {OKTA_OK, 1, 200, false},
    [FAULT_POST] = {OKTA_OK, 1, 200, false},
    [FAULT_BARE_POST] = {OKTA_OK, 1, 200, false},
    [FAULT_PUT] = {OKTA_OK, 1, 200, false},
    [FAULT_DELETE] = {OKTA_OK, 1, 200, false},
    [FAULT_TYPED_GET] = {OKTA_OK, 1, 200, false},
    [FAULT_TYPED_ANY_STATE] = {OKTA_OK, 1, 200, false},
    [FAULT_TYPED_DELETE] = {OKTA_OK, 1, 200, false},
}};

const fault_verdict fault_lost = {{
    [FAULT_GET] = {OKTA_E_TRANSPORT, FAULT_ALL, 0, true},
    [FAULT_POST] = {UNKNOWN, 1, 0, false},
    [FAULT_BARE_POST] = {UNKNOWN, 1, 0, false},
    [FAULT_PUT] = {UNKNOWN, FAULT_ALL, 0, true},
    [FAULT_DELETE] = {UNKNOWN, FAULT_ALL, 0, true},
}};

const fault_verdict fault_refused = {{
    [FAULT_GET] = {OKTA_E_PROTOCOL, 1, 0, false},
    [FAULT_POST] = {UNKNOWN, 1, 0, false},
    [FAULT_BARE_POST] = {UNKNOWN, 1, 0, false},
    [FAULT_PUT] = {UNKNOWN, 1, 0, false},
    [FAULT_DELETE] = {UNKNOWN, 1, 0, false},
    [FAULT_TYPED_ANY_STATE] = {UNKNOWN, 1, 0, false},
}};

const fault_verdict fault_nonsense = {{
    [FAULT_TYPED_GET] = {OKTA_E_PROTOCOL, 1, 200, false},
    [FAULT_TYPED_ANY_STATE] = {UNKNOWN, 1, 200, true},
    [FAULT_TYPED_DELETE] = {UNKNOWN, 1, 200, true},
    [FAULT_GET] = {OKTA_E_PROTOCOL, 1, 200, false},
    [FAULT_POST] = {UNKNOWN, 1, 200, false},
    [FAULT_BARE_POST] = {UNKNOWN, 1, 200, false},
    [FAULT_PUT] = {UNKNOWN, 1, 200, true},
    [FAULT_DELETE] = {UNKNOWN, 1, 200, true},
}};

const fault_verdict fault_unreached = {{
    [FAULT_GET] = {OKTA_E_TRANSPORT, FAULT_ALL, 0, true},
    [FAULT_POST] = {OKTA_E_TRANSPORT, FAULT_ALL, 0, true},
    [FAULT_BARE_POST] = {OKTA_E_TRANSPORT, FAULT_ALL, 0, true},
    [FAULT_PUT] = {OKTA_E_TRANSPORT, FAULT_ALL, 0, true},
    [FAULT_DELETE] = {OKTA_E_TRANSPORT, FAULT_ALL, 0, true},
}};

const fault_verdict fault_barred = {{
    [FAULT_GET] = {OKTA_E_TRANSPORT, 1, 0, false},
    [FAULT_POST] = {OKTA_E_TRANSPORT, 1, 0, false},
    [FAULT_BARE_POST] = {OKTA_E_TRANSPORT, 1, 0, false},
    [FAULT_PUT] = {OKTA_E_TRANSPORT, 1, 0, false},
    [FAULT_DELETE] = {OKTA_E_TRANSPORT, 1, 0, false},
}};

const fault_verdict fault_misconfigured = {{
    [FAULT_GET] = {OKTA_E_CONFIG, 1, 0, false},
    [FAULT_POST] = {OKTA_E_CONFIG, 1, 0, false},
    [FAULT_BARE_POST] = {OKTA_E_CONFIG, 1, 0, false},
    [FAULT_PUT] = {OKTA_E_CONFIG, 1, 0, false},
    [FAULT_DELETE] = {OKTA_E_CONFIG, 1, 0, false},
}};

const fault_verdict fault_unconnected = {{
    [FAULT_GET] = {OKTA_E_TIMEOUT, FAULT_ALL, 0, true},
    [FAULT_POST] = {OKTA_E_TIMEOUT, FAULT_ALL, 0, true},
    [FAULT_BARE_POST] = {OKTA_E_TIMEOUT, FAULT_ALL, 0, true},
    [FAULT_PUT] = {OKTA_E_TIMEOUT, FAULT_ALL, 0, true},
    [FAULT_DELETE] = {OKTA_E_TIMEOUT, FAULT_ALL, 0, true},
}};

const fault_verdict fault_late = {{
    [FAULT_GET] = {OKTA_E_TIMEOUT, 1, 0, true},
    [FAULT_POST] = {UNKNOWN, 1, 0, false},
    [FAULT_BARE_POST] = {UNKNOWN, 1, 0, false},
    [FAULT_PUT] = {UNKNOWN, 1, 0, true},
    [FAULT_DELETE] = {UNKNOWN, 1, 0, true},
}};

const fault_verdict fault_server_trouble = {{
    [FAULT_GET] = {OKTA_E_SERVER, FAULT_ALL, FAULT_OF_ROW, true},
    [FAULT_POST] = {UNKNOWN, 1, FAULT_OF_ROW, false},
    [FAULT_BARE_POST] = {UNKNOWN, 1, FAULT_OF_ROW, false},
    [FAULT_PUT] = {OKTA_E_SERVER, FAULT_ALL, FAULT_OF_ROW, true},
    [FAULT_DELETE] = {OKTA_E_SERVER, FAULT_ALL, FAULT_OF_ROW, true},
    [FAULT_TYPED_GET] = {OKTA_E_SERVER, FAULT_ALL, FAULT_OF_ROW, true},
    [FAULT_TYPED_DELETE] = {OKTA_E_SERVER, FAULT_ALL, FAULT_OF_ROW, true},
}};

const fault_verdict fault_limited = {{
    [FAULT_GET] = {OKTA_E_RATE_LIMITED, FAULT_ALL, 429, true},
    [FAULT_POST] = {OKTA_E_RATE_LIMITED, FAULT_ALL, 429, true},
    [FAULT_BARE_POST] = {OKTA_E_RATE_LIMITED, FAULT_ALL, 429, true},
    [FAULT_PUT] = {OKTA_E_RATE_LIMITED, FAULT_ALL, 429, true},
    [FAULT_DELETE] = {OKTA_E_RATE_LIMITED, FAULT_ALL, 429, true},
}};

const fault_verdict fault_limited_at_once = {{
    [FAULT_GET] = {OKTA_E_RATE_LIMITED, 1, 429, true},
    [FAULT_POST] = {OKTA_E_RATE_LIMITED, 1, 429, true},
    [FAULT_BARE_POST] = {OKTA_E_RATE_LIMITED, 1, 429, true},
    [FAULT_PUT] = {OKTA_E_RATE_LIMITED, 1, 429, true},
    [FAULT_DELETE] = {OKTA_E_RATE_LIMITED, 1, 429, true},
}};

const fault_verdict fault_invalid = {{
    [FAULT_GET] = {OKTA_E_INVALID, 1, FAULT_OF_ROW, false},
    [FAULT_POST] = {OKTA_E_INVALID, 1, FAULT_OF_ROW, false},
    [FAULT_BARE_POST] = {OKTA_E_INVALID, 1, FAULT_OF_ROW, false},
    [FAULT_PUT] = {OKTA_E_INVALID, 1, FAULT_OF_ROW, false},
    [FAULT_DELETE] = {OKTA_E_INVALID, 1, FAULT_OF_ROW, false},
    [FAULT_TYPED_GET] = {OKTA_E_INVALID, 1, FAULT_OF_ROW, false},
    [FAULT_TYPED_ANY_STATE] = {OKTA_E_INVALID, 1, FAULT_OF_ROW, false},
    [FAULT_TYPED_DELETE] = {OKTA_E_INVALID, 1, FAULT_OF_ROW, false},
}};

const fault_verdict fault_foreign = {{
    [FAULT_GET] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_POST] = {UNKNOWN, 1, FAULT_OF_ROW, false},
    [FAULT_BARE_POST] = {UNKNOWN, 1, FAULT_OF_ROW, false},
    [FAULT_PUT] = {UNKNOWN, 1, FAULT_OF_ROW, true},
    [FAULT_DELETE] = {UNKNOWN, 1, FAULT_OF_ROW, true},
    [FAULT_TYPED_GET] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_TYPED_ANY_STATE] = {UNKNOWN, 1, FAULT_OF_ROW, true},
    [FAULT_TYPED_DELETE] = {UNKNOWN, 1, FAULT_OF_ROW, true},
}};

const fault_verdict fault_unfollowed = {{
    [FAULT_GET] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_POST] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_BARE_POST] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_PUT] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_DELETE] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_TYPED_GET] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_TYPED_ANY_STATE] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
    [FAULT_TYPED_DELETE] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
}};

const fault_verdict fault_listed = {{
    [FAULT_PAGES] = {OKTA_OK, 1, 200, false},
}};

const fault_verdict fault_unlisted = {{
    [FAULT_PAGES] = {OKTA_E_PROTOCOL, 1, 200, false},
}};
