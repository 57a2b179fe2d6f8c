// SPDX-License-Identifier: Apache-2.0

// Many makes the calls of bench/bench_many.h with Okta's Go SDK: URL CA_FILE|- key|users IN_FLIGHT WARM CALLS.
// CA_FILE has to be in SSL_CERT_FILE. The HTTP client may keep as many connections as there are calls in flight.
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/okta/okta-sdk-golang/v6/okta"
)

const users = 50

func getKey(client *okta.APIClient) error {
	answer, _, err := client.ApplicationSSOPublicKeysAPI.GetJwk(context.Background(), "a", "k").Execute()
	if err != nil {
		return err
	}
	key := answer.OAuth2ClientJsonSigningKeyResponse
	if key == nil || key.OAuth2ClientJsonWebKeyRsaResponse == nil || key.OAuth2ClientJsonWebKeyRsaResponse.N == nil {
		return fmt.Errorf("this is not the key")
	}
	return nil
}

func listUsers(client *okta.APIClient) error {
	list, _, err := client.UserAPI.ListUsers(context.Background()).Limit(users).Execute()
	if err != nil {
		return err
	}
	if len(list) != users || list[0].Profile.GetLogin() == "" {
		return fmt.Errorf("these are not the users")
	}
	return nil
}

func run(client *okta.APIClient, call func(*okta.APIClient) error, inFlight, calls int) {
	var all sync.WaitGroup
	for i := 0; i < inFlight; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for left := calls / inFlight; left > 0; left-- {
				if err := call(client); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}
		}()
	}
	all.Wait()
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return value
}

func micros(before, after syscall.Timeval) int64 {
	return (after.Sec-before.Sec)*1000000 + int64(after.Usec) - int64(before.Usec)
}

func newClient(orgURL string, inFlight int) (*okta.APIClient, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = inFlight
	config, err := okta.NewConfiguration(
		okta.WithOrgUrl(orgURL),
		okta.WithToken("mock-token"),
		okta.WithCache(false),
		okta.WithTestingDisableHttpsCheck(true),
		okta.WithHttpClientPtr(&http.Client{Transport: transport}))
	if err != nil {
		return nil, err
	}
	parsed, err := url.Parse(orgURL)
	if err != nil {
		return nil, err
	}
	config.Host = parsed.Host // the SDK drops the port
	return okta.NewAPIClient(config), nil
}

func main() {
	if len(os.Args) != 7 {
		os.Exit(2)
	}
	inFlight, warm, calls := number(os.Args[4]), number(os.Args[5]), number(os.Args[6])
	client, err := newClient(os.Args[1], inFlight)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	call := getKey
	if os.Args[3] == "users" {
		call = listUsers
	}
	run(client, call, inFlight, warm)
	var before, after syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	start := time.Now()
	run(client, call, inFlight, calls)
	wall := time.Since(start).Microseconds()
	syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	fmt.Println(calls/inFlight*inFlight, micros(before.Utime, after.Utime), micros(before.Stime, after.Stime),
		after.Nvcsw-before.Nvcsw, wall)
}
