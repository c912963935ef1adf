package main

import "github.com/spf13/cobra"

func (s *session) predictCommand() *cobra.Command {
	return group("predict", "how likely tickets end badly: train, score, explain, report, evaluate")
}
