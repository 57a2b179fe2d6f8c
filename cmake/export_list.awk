# SPDX-License-Identifier: Apache-2.0
# Reads public headers, prints the linker's version script of what they mark with OKTA_API.
# A mark starts a declaration that ends at its semicolon, however many lines it spans.

# A line without its comments; `in_comment` tells whether one goes on in the next line.
function strip_comments(line,    at, out) {
    out = ""
    while (line != "") {
        at = index(line, in_comment ? "*/" : "/*")
        if (at == 0)
            return in_comment ? out " " : out line
        out = out (in_comment ? " " : substr(line, 1, at - 1))
        line = substr(line, at + 2)
        in_comment = !in_comment
    }
    return out
}

function fail(why) {
    print "export_list.awk: " why > "/dev/stderr"
    failed = 1
    exit 1
}

function name_of(declaration,    head) {
    head = declaration
    sub(/[(\[=].*/, "", head)
    sub(/[ \t]+$/, "", head)
    sub(/.*[ \t*]/, "", head)
    if (head !~ /^okta_[a-z0-9_]+$/)
        fail("cannot read the name in: OKTA_API" declaration)
    return head
}

function take(statement) {
    if (match(statement, /OKTA_API[ \t].*/))
        print_name[++names] = name_of(substr(statement, RSTART + 8))
}

FNR == 1 && in_comment { fail("a comment without end before " FILENAME) }

# Directives go, with their continuation lines: they hold the definition of OKTA_API.
{
    line = strip_comments($0)
    if (in_directive || line ~ /^[ \t]*#/) {
        in_directive = (line ~ /\\$/)
        next
    }
    pending = pending " " line
    while ((at = index(pending, ";")) > 0) {
        take(substr(pending, 1, at - 1))
        pending = substr(pending, at + 1)
    }
}

END {
    if (failed)
        exit 1
    if (in_comment)
        fail("a comment without end")
    if (names == 0)
        fail("no header marks anything with OKTA_API")
    printf "%s {\n    global:\n", version
    for (i = 1; i <= names; i++)
        printf "        %s;\n", print_name[i]
    printf "    local:\n        *;\n};\n"
}
