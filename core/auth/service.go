package auth

// Service signs users in and tells who a token belongs to.
type Service struct{}
