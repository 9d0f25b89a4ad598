// Package unprivileged is for tests about what a user may not do. Root may do
// everything, so they run once more, as another user, when root runs them.
package unprivileged
