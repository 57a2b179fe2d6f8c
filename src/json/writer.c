/* SPDX-License-Identifier: Apache-2.0 */
#include "json/writer.h"

#include <string.h>

#include "core/utf8.h"
#include "core/words.h"

static bool write_escape(oktai_buffer *out, char c)
{
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char to[] = "\"\\bfnrt";
    static const char hex[] = "0123456789abcdef";
    const char *named = c == '\0' ? NULL : strchr(from, c);
    if (named != NULL) {
        char escape[2] = {'\\', to[named - from]};
        return oktai_buffer_append(out, escape, sizeof escape);
    }
    char escape[6] = {'\\', 'u', '0', '0', hex[(c >> 4) & 15], hex[c & 15]};
    return oktai_buffer_append(out, escape, sizeof escape);
}

bool oktai_write_string(oktai_buffer *out, const char *text, size_t length)
{
    const char *end = text + length;
    bool good = oktai_buffer_add_char(out, '"');
    for (const char *p = text; good && p < end;) {
        const char *run = p;
        p = oktai_plain_run(p, end);
        size_t sequence = 0;
        while (p < end && (unsigned char)*p >= 0x80 && (sequence = oktai_utf8_sequence(p, end)) > 0) {
            p += sequence;
        }
        good = oktai_buffer_append(out, run, (size_t)(p - run));
        if (good && p < end && (*p == '"' || *p == '\\' || (unsigned char)*p < 0x20)) {
            good = write_escape(out, *p++);
        } else if (good && p == run) {
            return false;
        }
    }
    return good && oktai_buffer_add_char(out, '"');
}
