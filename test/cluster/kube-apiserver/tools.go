//go:build tools

// Package tools pins the API server that the cluster tests build and run.
package tools

import _ "k8s.io/kubernetes/cmd/kube-apiserver"
