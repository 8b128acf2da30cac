using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

public sealed class SqliteStoreTests(SqliteDatabase database) : StoreConformance(database), IClassFixture<SqliteDatabase>;
