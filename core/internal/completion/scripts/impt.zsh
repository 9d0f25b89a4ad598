#compdef impt
# Completion of impt for Zsh.
_impt() {
  local -a candidates shown
  local line program=${words[1]/#\~/$HOME}
  while IFS= read -r line; do
    case $line in
      :files) _files ;;
      :before*) compset -P "${(b)line#:before$'\t'}" ;;
      *)
        candidates+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/ -- }") ;;
    esac
  done < <("$program" __complete zsh "=${(Q)PREFIX}" "${(@Q)words[2,CURRENT-1]}" 2>/dev/null)
  (( $#candidates )) && compadd -V impt -l -d shown -a candidates
}
compdef _impt impt
