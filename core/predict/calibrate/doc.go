// Package calibrate turns what a model says into honest probabilities, learned from tickets the
// model had not seen.
package calibrate
