# Completion of impt for fish.
function __impt_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete fish "="(string unescape -- $current) $words[2..] 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path $current
        else
            echo $line
        end
    end
end
complete -c impt -f -a '(__impt_complete)'
