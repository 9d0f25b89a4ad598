package cli

import (
	"errors"
	"regexp"
)

// maxContact is how long a contact may be.
const maxContact = 200

// contact is a mail address, or an address on the web, in characters that mean
// nothing else in a sentence or to a terminal.
var contact = regexp.MustCompile(`^(https://[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/?=&%#-]*)?|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)$`)

// validateContact checks whom the user is told to tell.
func validateContact(s string) error {
	if s != "" && (len(s) > maxContact || !contact.MatchString(s)) {
		return errors.New("the contact is neither a mail address nor one that begins with https://")
	}
	return nil
}
