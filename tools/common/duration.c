/* SPDX-License-Identifier: Apache-2.0 */
#include "common/duration.h"

#include <stddef.h>
#include <string.h>

#define LONGEST_S 31536000

bool duration_read(const char *text, int64_t *out_s)
{
    static const struct {
        char name;
        int64_t s;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    size_t digits = strspn(text, "0123456789");
    int64_t number = 0;
    for (size_t i = 0; i < digits && number <= LONGEST_S; i++) {
        number = number * 10 + (text[i] - '0');
    }
    if (digits == 0 || text[digits] == '\0' || text[digits + 1] != '\0' || number > LONGEST_S) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (units[i].name == text[digits]) {
            *out_s = number * units[i].s;
            return *out_s <= LONGEST_S;
        }
    }
    return false;
}
