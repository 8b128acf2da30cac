namespace AgentVine.Contracts;

/// <summary>Every code that a problem can carry. Each has a section in <c>docs/errors.md</c>.</summary>
public static class ErrorCodes
{
    /// <summary>400: the body or a parameter breaks a rule; <c>errors</c> names each.</summary>
    public const string ValidationFailed = "validation.failed";

    /// <summary>413: the body is larger than this route takes.</summary>
    public const string BodyTooLarge = "body.too_large";

    /// <summary>408: the body came too slowly; nothing was stored.</summary>
    public const string BodyTimeout = "body.timeout";

    /// <summary>415: the body is not what this route takes.</summary>
    public const string BodyMediaType = "body.media_type";

    /// <summary>404: no such route.</summary>
    public const string RouteNotFound = "route.not_found";

    /// <summary>405: the route does not take this method.</summary>
    public const string RouteMethod = "route.method_not_allowed";

    /// <summary>401: this wants a key, and none was given or it is wrong.</summary>
    public const string AuthKeyRequired = "auth.key_required";

    /// <summary>403: the <c>Host</c> header names another machine than this one.</summary>
    public const string AuthForeignHost = "auth.foreign_host";

    /// <summary>403: the <c>Origin</c> header names another site than this one.</summary>
    public const string AuthForeignOrigin = "auth.foreign_origin";

    /// <summary>422: the idempotency key was used on this route with another body.</summary>
    public const string IdempotencyKeyReused = "idempotency.key_reused";

    /// <summary>404: no such task.</summary>
    public const string TasksNotFound = "tasks.not_found";

    /// <summary>409: the table of states has no such move.</summary>
    public const string TasksTransition = "tasks.transition_not_allowed";

    /// <summary>409: what was to be changed cannot be changed in the task's status.</summary>
    public const string TasksNotEditable = "tasks.not_editable";

    /// <summary>409: the tasks would wait for each other.</summary>
    public const string TasksDependencyCycle = "tasks.dependency_cycle";

    /// <summary>409: an agent wants more of a task that it files than its own may have.</summary>
    public const string TasksSubtaskNotAllowed = "tasks.subtask_not_allowed";

    /// <summary>409: no attempt has handed back a branch.</summary>
    public const string TasksNoBranch = "tasks.no_branch";

    /// <summary>409: the lease is not the caller's, or no longer.</summary>
    public const string QueueLeaseLost = "queue.lease_lost";

    /// <summary>409: the claim's id was used, and its order has ended since.</summary>
    public const string QueueClaimSpent = "queue.claim_spent";

    /// <summary>404: no such entry in the dead letter.</summary>
    public const string QueueDeadLetterNotFound = "queue.dead_letter_not_found";

    /// <summary>404: no such worker, or it was deregistered.</summary>
    public const string WorkersNotFound = "workers.not_found";

    /// <summary>404: another worker registered under the name and took this one's place.</summary>
    public const string WorkersSuperseded = "workers.superseded";

    /// <summary>409: the worker speaks a protocol that this server does not.</summary>
    public const string WorkersProtocol = "workers.protocol_not_supported";

    /// <summary>404: no such session.</summary>
    public const string SessionsNotFound = "sessions.not_found";

    /// <summary>409: the session belongs to another attempt.</summary>
    public const string SessionsMapping = "sessions.mapping_invalid";

    /// <summary>404: no such execution.</summary>
    public const string ExecutionsNotFound = "executions.not_found";

    /// <summary>409: the output's first line leaves a gap; the answer says what is stored.</summary>
    public const string ExecutionsOutputGap = "executions.output_gap";

    /// <summary>409: the attempt has ended.</summary>
    public const string ExecutionsEnded = "executions.ended";

    /// <summary>422: the bundle is not one that git can read, or not of this attempt's branch.</summary>
    public const string ExecutionsBundle = "executions.bundle_invalid";

    /// <summary>409: the bundle builds on commits that the server's repository lacks.</summary>
    public const string ExecutionsBundlePrerequisite = "executions.bundle_prerequisite_missing";

    /// <summary>422: transcript and files of the checkpoint do not arrive as announced; nothing of it is stored.</summary>
    public const string ExecutionsCheckpointTorn = "executions.checkpoint_torn";

    /// <summary>404: the attempt has no such checkpoint.</summary>
    public const string ExecutionsCheckpointNotFound = "executions.checkpoint_not_found";

    /// <summary>404: no such request.</summary>
    public const string RequestsNotFound = "requests.not_found";

    /// <summary>409: the request has an answer, or was cancelled.</summary>
    public const string RequestsNotOpen = "requests.not_open";

    /// <summary>404: no such message.</summary>
    public const string MessagesNotFound = "messages.not_found";

    /// <summary>409: an agent's attempt has written as many messages as it may.</summary>
    public const string MessagesTooMany = "messages.too_many";

    /// <summary>404: no such repository.</summary>
    public const string RepositoriesNotFound = "repositories.not_found";

    /// <summary>404: no worker has named such an account.</summary>
    public const string AccountsNotFound = "accounts.not_found";
    public const string AccountsKeyRefused = "accounts.key_refused";

    /// <summary>410: those events are past retention.</summary>
    public const string EventsPruned = "events.pruned";

    /// <summary>503: the database cannot store anything now (disk full, locked by another process).</summary>
    public const string StorageUnavailable = "storage.unavailable";

    /// <summary>500: a bug; the log has it under the trace id.</summary>
    public const string Internal = "internal.error";
}
