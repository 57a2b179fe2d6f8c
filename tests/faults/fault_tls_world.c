/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_tls_world.h"

void fault_tls_world_stop(fault_tls_world *self)
{
    fault_world_stop(&self->world);
    fault_tls_stop(&self->tls);
    fault_tls_stop(&self->other);
}

int fault_tls_world_lend(void **state)
{
    static fault_tls_world self;
    *state = &self;
    return 0;
}

int fault_tls_world_take_back(void **state)
{
    fault_tls_world_stop(*state);
    return 0;
}
