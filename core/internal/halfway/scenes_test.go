package halfway

import "strings"

// project is the project file of a group.
func project(group string) map[string]string {
	return map[string]string{
		".impt.project": `{"deviceGroupId": "` + group + `", "deviceFile": "device.nut", "agentFile": "agent.nut"}`,
		"device.nut":    "", "agent.nut": "",
	}
}

var code = map[string]string{"device.nut": `server.log("device");`, "agent.nut": `server.log("agent");`}

func line(s string) []string { return strings.Fields(s) }

// gone is what a repetition says when nothing is left to be done.
const gone = `^Error: .* is not found\.$`

var scenes = []scene{
	{args: line("product delete -p fridge -f -q"), finished: map[string]string{`delete Product "fridge"`: gone}},
	{args: line("product delete -p plant -f -b -q"), finished: map[string]string{`delete Product "plant"`: gone}},
	{args: line("product delete --product fridge -f -b -q"), zombies: true, finished: map[string]string{`delete Product "fridge"`: gone}},
	{args: line("product delete -p lamp -f -b -q"), finished: map[string]string{`delete Product "lamp"`: gone}},
	{args: line("product delete -f -q"), files: project("attic")},
	{args: line("dg delete -g kitchen -f -q"), finished: map[string]string{`delete Device Group "kitchen"`: gone}},
	{args: line("dg delete --dg kitchen -f -q"), zombies: true, finished: map[string]string{`delete Device Group "kitchen"`: gone}},
	{args: line("dg builds -g kitchen -u -r -q")},
	{args: line("dg builds -g attic -o -r -q")},
	{args: line("dg builds -g kitchen -u")},
	{args: line("dg update -g kitchen -m b3 -n Galley -s small")},
	{args: line("dg reassign -f kitchen -t cellar")},
	{args: line("dg unassign -g kitchen")},
	{args: line("dg restart -g kitchen")},
	{args: line("build run -g kitchen -x device.nut -y agent.nut"), files: code, spare: "deployments"},
	{args: line("build run -g cellar -c -x device.nut -t v1"), files: code, spare: "deployments"},
	{args: line("build delete -b b1 -f -q"), finished: map[string]string{`delete Deployment "b1"`: gone}},
	{args: line("build cleanup -u -q")},
	{args: line("build cleanup -p lamp -u -q")},
	{args: line("device remove -d 2300000000000001 -f -q"), finished: map[string]string{`remove Device "2300000000000001"`: gone}},
	{args: line("loginkey delete -k 7d8e6670aa285e9d -w secret -q"), finished: map[string]string{`delete Login Key "7d8e6670aa285e9d"`: gone}},
	{args: line("loginkey create -w secret -s new"), spare: "login_keys"},
	{args: line("project create -p fridge -n Garage -s cold -q")},
	{args: line("project create -p Freezer -c -n Garage -x x.nut -q")},
	{args: line("project create -p Freezer -c -f -n Belt -t Store -r -u Trial -w -q")},
	{args: line("project create -p plant -f -n Belt -t shop -u Trial -w -q"), files: project("attic")},
	{args: line("project update -n Loft -s high -x new.nut -y other.nut"), files: project("attic")},
	{args: line("project update -n Row -t shop -u bench"), files: project("line")},
	{args: line("project delete -e -q"), files: project("attic")},
	{args: line("project delete -a -q"), files: project("line")},
	{args: line("project delete -f -e -q"), files: project("attic"), zombies: true},
	{args: line("test delete -e -q"), files: map[string]string{".impt.test": `{"deviceGroupId": "attic"}`}},
}
