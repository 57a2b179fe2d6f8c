# SPDX-License-Identifier: Apache-2.0
# awk -f docs/html.awk PAGE.html
# Writes one of Doxygen's pages with what a narrow window needs: a long name may break behind an underscore, and each
# cell of a table names its column, which style.css shows where cells stand below each other. In a table a path may
# break in front of a slash, a name in front of a dot or a capital letter.

# Text outside of tags. Short names stay whole, and so does the type in front of each function.
function breakable(text,    out, break_at)
{
    if (length(text) <= 16) {
        return text
    }
    break_at = in_table ? "[A-Za-z0-9]_[A-Za-z0-9]|[a-z0-9}][/.][A-Za-z{]|[a-z][A-Z]" : "[A-Za-z0-9]_[A-Za-z0-9]"
    while (match(text, break_at)) {
        if (substr(text, RSTART + 1, 1) == "_") {
            RSTART++
        }
        out = out substr(text, 1, RSTART) "<wbr/>"
        text = substr(text, RSTART + 1)
    }
    return out text
}

function plain(text)
{
    gsub(/<[^>]*>/, "", text)
    gsub(/"/, "\\&quot;", text)
    gsub(/^ +| +$/, "", text)
    return text
}

# The cells of a line of a table: `<th ...>` fill columns[], `<td ...>` are given their names.
function with_columns(line,    out, part, end)
{
    while (match(line, /<t[hd] class="markdownTable[^>]*>/)) {
        out = out substr(line, 1, RSTART - 1)
        part = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        column++
        if (part ~ /^<th/) {
            end = index(line, "</th>")
            columns[column] = plain(substr(line, 1, end - 1))
        } else {
            sub(/>$/, " data-column=\"" columns[column] "\">", part)
        }
        out = out part
    }
    return out line
}

/<tr / { column = 0 }
/<table class="markdownTable"/ { in_table = 1 }
/<\/table>/ { in_table = 0 }
/<div class="contents">/ { contents = 1 }
/<script/ { script = 1 }
/<\/script/ { script = 0; print; next }
# Code keeps its lines, and scrolls.
/<div class="fragment">/ { code = 1 }
code && match($0, /<!-- fragment -->/) {
    printf "%s", substr($0, 1, RSTART + RLENGTH - 1)
    $0 = substr($0, RSTART + RLENGTH)
    code = 0
}
code { print; next }
!contents || script { print; next }
{
    line = with_columns($0)
    out = ""
    while (line != "") {
        if (in_tag) {
            end = index(line, ">")
            if (end == 0) {
                end = length(line)
            } else {
                in_tag = 0
            }
            out = out substr(line, 1, end)
        } else {
            end = index(line, "<")
            if (end == 0) {
                end = length(line) + 1
            } else {
                in_tag = 1
            }
            out = out breakable(substr(line, 1, end - 1))
            end -= 1
        }
        line = substr(line, end + 1)
    }
    print out
}
