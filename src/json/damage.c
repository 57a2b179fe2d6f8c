/* SPDX-License-Identifier: Apache-2.0 */
#include "json/engine.h"

#include "core/error.h"

okta_error *oktai_engine_damage(const oktai_reader *reader)
{
    if (reader->no_memory) {
        return oktai_error_nomem();
    }
    if (reader->ended != OKTA_OK) {
        return oktai_error_new(reader->ended, "the JSON: %s", reader->problem);
    }
    return oktai_error_new(OKTA_E_PROTOCOL, "the JSON is not valid: %s at byte %zu", reader->problem,
                           (size_t)(reader->next - reader->start));
}

okta_error *oktai_engine_damage_within(const oktai_reader *reader, const oktai_arena *arena)
{
    return arena->over_limit
               ? oktai_error_new(OKTA_E_PROTOCOL, "the JSON takes far more memory than its length")
               : oktai_engine_damage(reader);
}

okta_error *oktai_engine_check(const char *json, size_t length, const oktai_watch *watch)
{
    oktai_reader reader;
    oktai_reader_init(&reader, json, length);
    reader.watch = watch;
    bool good = oktai_reader_skip(&reader, NULL) && oktai_reader_finish(&reader);
    return good ? NULL : oktai_engine_damage(&reader);
}
