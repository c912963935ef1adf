package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/pflag"

	"deskwatch/core"
)

// importFlags are the flags of orders import, as written.
type importFlags struct {
	fields, statuses, prefixes, patterns     []string
	dateFormat, delimiter, encoding, rejects string
	headerLine                               int
	dryRun                                   bool
}

func (f *importFlags) bind(fl *pflag.FlagSet) {
	fl.StringArrayVar(&f.fields, "map", nil, "field=Column: which column a field is in; repeat, or separate pairs by commas\n(id line customer date status amount name email; field=- for no column)")
	fl.StringArrayVar(&f.statuses, "status", nil, "raw=canonical: what a spelling means (placed shipped delivered cancelled returned other)")
	fl.StringArrayVar(&f.prefixes, "status-prefix", nil, "column:prefix=canonical: rows whose column begins with prefix have this status")
	fl.StringArrayVar(&f.patterns, "customer-pattern", nil, "regular expression of a customer's identity, instead of the settings'; repeat for several")
	fl.StringVar(&f.dateFormat, "date-format", "", "iso, day-first, month-first, excel, or a layout such as 02.01.2006")
	fl.StringVar(&f.delimiter, "delimiter", "", "one character, or tab")
	fl.StringVar(&f.encoding, "encoding", "", "utf-8, utf-16le, utf-16be or windows-1252")
	fl.IntVar(&f.headerLine, "header-line", 0, "the line the header is on; -1 when the file has none (default: found out)")
	fl.StringVar(&f.rejects, "rejects", "", "where to write the rows that were rejected (default: the data folder)")
	fl.BoolVar(&f.dryRun, "dry-run", false, "read and count everything, write nothing")
}

// request turns the flags into an import request; what is wrong with them is a usage error.
func (f *importFlags) request(path string) (core.ImportRequest, error) {
	req := core.ImportRequest{
		Path: path, DryRun: f.dryRun, RejectsPath: f.rejects, CustomerPatterns: f.patterns,
		Hints: core.TableHints{Encoding: f.encoding, Delimiter: f.delimiter, DateFormat: f.dateFormat, HeaderLine: f.headerLine},
	}
	var err error
	if req.Map, err = fieldPairs(f.fields, core.ParseField); err != nil {
		return req, err
	}
	if req.Statuses, err = wordPairs("--status", f.statuses, core.ParseStatus); err != nil {
		return req, err
	}
	for _, text := range f.prefixes {
		rule, err := parsePrefixRule(text)
		if err != nil {
			return req, err
		}
		req.StatusRules = append(req.StatusRules, rule)
	}
	for _, p := range f.patterns {
		if _, err := regexp.Compile(p); err != nil {
			return req, fmt.Errorf("--customer-pattern %q is not a regular expression: %w", p, err)
		}
	}
	return req, nil
}

// fieldPairs reads field=Column pairs.
func fieldPairs(values []string, parse func(string) (core.Field, error)) (map[core.Field]string, error) {
	fields := map[core.Field]string{}
	for _, pair := range splitPairs(values, parse) {
		name, column, ok := strings.Cut(pair, "=")
		if !ok || column == "" {
			return nil, fmt.Errorf("--map %q is not written as field=Column", pair)
		}
		field, err := parse(name)
		if err != nil {
			return nil, err
		}
		fields[field] = column
	}
	return fields, nil
}

// wordPairs reads raw=canonical pairs.
func wordPairs[T any](flag string, pairs []string, parse func(string) (T, error)) (map[string]T, error) {
	words := map[string]T{}
	for _, pair := range pairs {
		at := strings.LastIndex(pair, "=")
		if at < 1 {
			return nil, fmt.Errorf("%s %q is not written as raw=canonical", flag, pair)
		}
		word, err := parse(pair[at+1:])
		if err != nil {
			return nil, err
		}
		words[pair[:at]] = word
	}
	return words, nil
}

func parsePrefixRule(text string) (core.StatusRule, error) {
	wrong := fmt.Errorf("--status-prefix %q is not written as column:prefix=canonical", text)
	at := strings.LastIndex(text, "=")
	if at < 0 {
		return core.StatusRule{}, wrong
	}
	column, prefix, ok := strings.Cut(text[:at], ":")
	if !ok || column == "" || prefix == "" {
		return core.StatusRule{}, wrong
	}
	status, err := core.ParseStatus(text[at+1:])
	return core.StatusRule{Column: column, Prefix: prefix, Status: status}, err
}

// splitPairs splits "a=B,c=D" at the commas before which a pair is complete and after which
// another one begins, so that a column name may hold a comma.
func splitPairs(values []string, parse func(string) (core.Field, error)) []string {
	var pairs []string
	for _, v := range values {
		for _, part := range strings.Split(v, ",") {
			name, _, isPair := strings.Cut(part, "=")
			if _, err := parse(name); (isPair && err == nil) || len(pairs) == 0 || part == v {
				pairs = append(pairs, part)
			} else {
				pairs[len(pairs)-1] += "," + part
			}
		}
	}
	return pairs
}
