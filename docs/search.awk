# SPDX-License-Identifier: Apache-2.0
# awk -v entries=FOLDER -f docs/search.awk operations.html
# Doxygen's search box knows C names, and those from their first letter on: `okta_`. This reads the tables of
# operations.html and writes, for each first letter, a file FOLDER/LETTER with entries for Doxygen's search data: the
# function by the operation's name in Okta's reference, and by its own name without `okta_`.

# As Doxygen's search.js makes it.
function key_of(name,    out, i, c)
{
    name = tolower(name)
    for (i = 1; i <= length(name); i++) {
        c = substr(name, i, 1)
        out = out (c == "_" ? "_5f" : c == "-" ? "_2d" : c)
    }
    return out
}

# Several operations may have one name: all their targets are in one entry.
function add(name, target)
{
    name = tolower(name) in shown ? shown[tolower(name)] : (shown[tolower(name)] = name)
    if (index(targets[name] ",", target ",") == 0) {
        targets[name] = targets[name] "," target
    }
}

/<td class="markdownTable/ {
    line = $0
    gsub(/<wbr\/>/, "", line)
    if (match(line, /<td[^>]*>[A-Za-z0-9-]+ *<\/td><td[^>]*><a class="el" href="[^"]+"[^>]*>okta_[a-z0-9_]+\(\)<\/a>/)) {
        line = substr(line, RSTART, RLENGTH)
        operation = line
        sub(/ *<\/td>.*/, "", operation)
        sub(/.*>/, "", operation)
        href = line
        sub(/.*href="/, "", href)
        sub(/".*/, "", href)
        name = line
        sub(/.*>okta_/, "okta_", name)
        sub(/\(.*/, "", name)
        target = "['../" href "',1,'" name "()']"
        add(operation, target)
        add(substr(name, 6), target)
        count++
    }
}

END {
    for (name in targets) {
        file = entries "/" tolower(substr(name, 1, 1))
        printf "  ['%s_%d',['%s'%s]],\n", key_of(name), number++, name, targets[name] >file
    }
    print count + 0
}
