// Package boost fits gradient-boosted trees so shallow that their sum can be read: one table of
// values per feature, and one per pair of features.
package boost
