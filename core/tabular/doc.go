// Package tabular reads tables of text as people really send them: it finds out the encoding,
// the delimiter, the quoting, the lines above the header, the columns and the way dates are
// written, and says why. Memory does not grow with the file. Rows that cannot be imported
// are written to a rejects file that reads back once it is mended.
package tabular
