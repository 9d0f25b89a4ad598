# Completion of impt for Bash. The line goes to impt as it is typed, because
# Bash splits words at = and : too.
_impt() {
  COMPREPLY=()
  local line
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <("${COMP_WORDS[0]/#\~/$HOME}" __complete bash "$COMP_POINT" "$COMP_LINE" 2>/dev/null)
}
complete -o nosort -F _impt impt
