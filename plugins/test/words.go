package main

import (
	"math/rand/v2"
	"strings"
)

// words make session ids that can be told apart at a glance.
var words = strings.Fields(`
	acorn amber anchor apple arrow aspen badge bamboo barley basil beacon birch bison bloom
	bonus brass breeze bridge bronze cabin cactus camel candle canyon cedar chalk cherry cinder
	citrus clover cobalt comet copper coral cotton crane crystal daisy delta denim drift dune
	eagle echo ember falcon fern field flint forest fossil garnet ginger glacier granite grove
	harbor hazel heron honey island ivory jasper jungle juniper kelp kite lagoon lantern lark
	lemon lilac linen lotus lunar magnet maple marble marsh meadow melon mint mosaic moss nectar
	nickel nutmeg oak oasis ocean olive onyx opal orbit orchid otter paper pebble pepper pine
	planet plum pollen poppy prairie quartz quill rain raven reef ribbon ridge river robin ruby
	saffron sage sail salmon sand shadow silver slate solar spruce stone storm sugar summit
	tango teal thistle thunder tiger timber topaz tulip umber valley velvet violet walnut water
	willow winter wren yarrow zephyr zinc`)

func newSessionID() string {
	return words[rand.IntN(len(words))] + "-" + words[rand.IntN(len(words))] //nolint:gosec // no secret
}
