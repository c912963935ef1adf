package boost

import "math"

// ordered is a whole number of the same order as v among others.
func ordered(v float32) int32 {
	b := int32(math.Float32bits(v + 0)) // -0 + 0 is 0
	return b ^ int32(uint32(b>>31)>>1)
}

// unordered is the value of which ordered made a number.
func unordered(n int32) float32 { return math.Float32frombits(uint32(n ^ int32(uint32(n>>31)>>1))) }

const digitBits = 11 // of a key; three digits are 32 bits and one more

// sortKeys sorts keys ascending, digit by digit from the lowest on, in a fifth of the time that
// comparing takes: each fit sorts every feature to find its bins. It returns them in keys or elsewhere.
func sortKeys(keys []int32) []int32 {
	var counts [3][1 << digitBits]int32
	digit := func(k int32, at int) uint32 {
		return (uint32(k) ^ 1<<31) >> (digitBits * at) & (1<<digitBits - 1) // negative ones first
	}
	for _, k := range keys {
		for at := range counts {
			counts[at][digit(k, at)]++
		}
	}
	other := make([]int32, len(keys))
	for at := range counts {
		next := int32(0)
		for d, n := range counts[at] {
			counts[at][d] = next
			next += n
		}
		for _, k := range keys {
			to := &counts[at][digit(k, at)]
			other[*to] = k
			*to++
		}
		keys, other = other, keys
	}
	return keys
}
