package impcentral

import "github.com/electricimp/impt/sdk/fault"

// APIFault is the failure that an answer means.
func APIFault(status int, body []byte) *fault.Fault {
	return apiFault(answer{status: status, body: body})
}
