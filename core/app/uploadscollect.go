package app

import "deskwatch/core/source"

// Collector posts files to a Deskwatch the way an agent does. It needs no desk of its own.
type Collector = source.Collector
