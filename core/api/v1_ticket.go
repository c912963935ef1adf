package api

func (s *Server) ticketRoutes() []*route { return nil }
