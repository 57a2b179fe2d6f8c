# SPDX-License-Identifier: Apache-2.0
# awk -f docs/page.awk FILE
# Writes a Markdown file as Doxygen wants it. The files themselves are plain Markdown, good to read as text and on the
# web, and this adds what makes them pages of the HTML:
#   * names of pages and headings: page `errors`, heading `errors-every-status`;
#   * a table of contents;
#   * links to those names in the place of links to files. A file that is no page keeps the link's words, and images
#     stay as they are;
#   * a link for each public constant or type in backticks.
# Each line stays one line, so that Doxygen's warnings name the right one.

BEGIN {
    path = ARGV[1]
    page = page_of(path)
    while (("cat include/okta/*.h include/okta/*/*.h" | getline line) > 0) {
        if (match(line, /^(    |#define |} )(OKTA_[A-Z0-9_]+|okta_[a-z0-9_]+)([ ,;]|$)/)) {
            name = substr(line, RSTART, RLENGTH)
            gsub(/[ ,;}]|#define/, "", name)
            public[name] = 1
        }
    }
}

# The page that a file becomes, or "".
function page_of(file)
{
    sub(/^.*\//, "", file)
    if (file == "README.md") {
        return "readme"
    }
    if (file !~ /\.md$/ || file ~ /^[A-Z]/) {
        return ""
    }
    sub(/\.md$/, "", file)
    return file
}

# The anchor of a heading, as web sites make it.
function anchor_of(heading)
{
    heading = tolower(heading)
    gsub(/[^a-z0-9 _-]/, "", heading)
    gsub(/ /, "-", heading)
    return heading
}

function link_of(words, target,    hash, file, anchor, to)
{
    if (target ~ /^https?:/) {
        return "[" words "](" target ")"
    }
    hash = index(target, "#")
    file = hash > 0 ? substr(target, 1, hash - 1) : target
    anchor = hash > 0 ? "-" substr(target, hash + 1) : ""
    to = file == "" ? page : page_of(file)
    return to == "" ? words : "[" words "](@ref " to anchor ")"
}

function with_links(line,    out, inside, split_at)
{
    while (match(line, /\[[^]]+\]\([^) ]+\)/)) {
        if (substr(line, RSTART - 1, 1) == "!") {
            out = out substr(line, 1, RSTART + RLENGTH - 1)
            line = substr(line, RSTART + RLENGTH)
            continue
        }
        inside = substr(line, RSTART + 1, RLENGTH - 2)
        split_at = index(inside, "](")
        out = out substr(line, 1, RSTART - 1) link_of(substr(inside, 1, split_at - 1), substr(inside, split_at + 2))
        line = substr(line, RSTART + RLENGTH)
    }
    return out line
}

function with_names(line,    out, name)
{
    while (match(line, /`(OKTA_[A-Z0-9_]+|okta_[a-z0-9_]+)`/)) {
        name = substr(line, RSTART + 1, RLENGTH - 2)
        out = out substr(line, 1, RSTART - 1) (name in public ? "::" name : "`" name "`")
        line = substr(line, RSTART + RLENGTH)
    }
    return out line
}

# Doxygen wants the title first: the licence's line stands before or behind it.
FNR == 1 && page == "readme" { print "# README {#readme}"; next }
FNR == 1 { print $0 " {#" page "}"; next }
FNR == 2 { print page == "mainpage" ? "" : "[TOC]"; next }

/^ *```/ { fenced = !fenced }
fenced || /^ *```/ || /^    [^ *-]/ { print; next }
/^##+ / {
    heading = $0
    sub(/^#+ /, "", heading)
    print $0 " {#" page "-" anchor_of(heading) "}"
    next
}
{ print with_names(with_links($0)) }
