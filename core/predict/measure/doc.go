// Package measure says how good predictions were, from the scores given and what became of the
// tickets. All functions take one score and one outcome per ticket and depend on neither the order
// of the tickets nor, where scores are tied, on which of them comes first.
//
// A figure that does not exist is NaN: with no tickets, with slices of different length, with a
// score that is NaN, and where it needs bad and good ends and there is only one kind.
package measure
