// Package core owns the words of Deskwatch: orders, customers, breaches, rules,
// deliveries, settings, events and errors. It holds plain types and pure rules
// about them, and imports the standard library only. Every other package meets
// its neighbours through these types.
package core
