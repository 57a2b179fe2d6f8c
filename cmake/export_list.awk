# SPDX-License-Identifier: Apache-2.0
# Reads public headers, prints the linker's version script of what they mark with OKTA_API.
# A mark starts a declaration that ends at its semicolon, however many lines it spans.

function strip_comments(text,    at, end, out) {
    out = ""
    while ((at = index(text, "/*")) > 0) {
        out = out substr(text, 1, at - 1) " "
        text = substr(text, at + 2)
        end = index(text, "*/")
        if (end == 0)
            fail("a comment without end")
        text = substr(text, end + 2)
    }
    return out text
}

function fail(why) {
    print "export_list.awk: " why > "/dev/stderr"
    failed = 1
    exit 1
}

# Directives go, with their continuation lines: they hold the definition of OKTA_API.
function declarations(text,    lines, count, i, out, in_directive) {
    count = split(text, lines, "\n")
    out = ""
    in_directive = 0
    for (i = 1; i <= count; i++) {
        if (in_directive || lines[i] ~ /^[ \t]*#/)
            in_directive = (lines[i] ~ /\\$/)
        else
            out = out " " lines[i]
    }
    return out
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

{
    text = text $0 "\n"
}

END {
    if (failed)
        exit 1
    count = split(declarations(strip_comments(text)), statements, ";")
    names = 0
    for (i = 1; i <= count; i++) {
        if (!match(statements[i], /OKTA_API[ \t].*/))
            continue
        print_name[++names] = name_of(substr(statements[i], RSTART + 8))
    }
    if (names == 0)
        fail("no header marks anything with OKTA_API")
    printf "%s {\n    global:\n", version
    for (i = 1; i <= names; i++)
        printf "        %s;\n", print_name[i]
    printf "    local:\n        *;\n};\n"
}
