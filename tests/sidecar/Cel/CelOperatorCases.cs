namespace HmsMesh.Sidecar.Tests.Cel;

internal static class CelOperatorCases
{
    public const string Text = """
        # Logical Operators: absorption
        true || 1 / 0 == 1  =>  true
        1 / 0 == 1 || true  =>  true
        false && 1 / 0 == 1  =>  false
        1 / 0 == 1 && false  =>  false
        1 / 0 == 1 || false  =>  error
        1 / 0 == 1 && true  =>  error
        1 / 0 == 1 || 1 % 0 == 1 || true  =>  true
        dyn(1) || true  =>  true
        dyn('a') && false  =>  false
        dyn(1) && true  =>  error
        true ? 1 : 1 / 0  =>  1
        false ? 1 / 0 : 2  =>  2
        1 / 0 == 1 ? 1 : 2  =>  error
        dyn(1) ? 1 : 2  =>  error
        !dyn(1)  =>  error

        # Overflow
        9223372036854775807 + 1  =>  error
        -9223372036854775808 - 1  =>  error
        -(-9223372036854775808)  =>  error
        9223372036854775807 * 2  =>  error
        -9223372036854775808 * -1  =>  error
        -9223372036854775808 / -1  =>  error
        -9223372036854775808 % -1  =>  error
        3037000500 * 3037000500  =>  error
        3037000499 * 3037000499  =>  9223372030926249001
        18446744073709551615u + 1u  =>  error
        0u - 1u  =>  error
        18446744073709551615u * 2u  =>  error
        9223372036854775807 - 1  =>  9223372036854775806

        # Arithmetic Operators
        7 / 2  =>  3
        -7 / 2  =>  -3
        -7 % 3  =>  -1
        7u / 2u  =>  3u
        7u % 4u  =>  3u
        1 / 0  =>  error
        1 % 0  =>  error
        1u / 0u  =>  error
        1.0 / 0.0  =>  +Inf
        -1.0 / 0.0  =>  -Inf
        0.0 / 0.0  =>  NaN
        1.5 + 2.25  =>  3.75
        2.0 * 3.5  =>  7.0
        -(2.5)  =>  -2.5
        'a' + 'b'  =>  'ab'
        [1] + [2, 3]  =>  [1, 2, 3]
        dyn(1) + 1u  =>  error
        dyn(1) + 1.0  =>  error
        dyn('a') + 1  =>  error

        # Equality
        1 == 1  =>  true
        1 != 2  =>  true
        dyn(1) == 1u  =>  true
        dyn(1) == 1.0  =>  true
        dyn(1u) == 1.0  =>  true
        dyn(1) == 1.5  =>  false
        dyn(-1) == 18446744073709551615u  =>  false
        dyn(1) == '1'  =>  false
        dyn(true) != 1  =>  true
        0.0 / 0.0 == 0.0 / 0.0  =>  false
        0.0 / 0.0 != 0.0 / 0.0  =>  true
        -0.0 == 0.0  =>  true
        [1, 2] == [1, 2]  =>  true
        [1, 2] == [2, 1]  =>  false
        dyn([1, 2]) == [1.0, 2.0]  =>  true
        [1] == [1, 2]  =>  false
        {'a': 1, 'b': 2} == {'b': 2, 'a': 1}  =>  true
        {'a': 1} == {'a': 2}  =>  false
        {'a': 1} == {'b': 1}  =>  false
        {'a': [1, {'b': null}]} == {'a': [1, {'b': null}]}  =>  true
        b'a' == b'a'  =>  true
        duration('1h') == duration('60m')  =>  true
        timestamp('2026-01-01T01:00:00+01:00') == timestamp('2026-01-01T00:00:00Z')  =>  true

        # Ordering
        1 < 2  =>  true
        2 <= 2  =>  true
        3u > 4u  =>  false
        1.5 >= 1.5  =>  true
        dyn(1) < 1.5  =>  true
        dyn(2) > 1.5  =>  true
        dyn(-1) < 0u  =>  true
        dyn(1) < 18446744073709551615u  =>  true
        dyn(9223372036854775807) < 1e19  =>  true
        dyn(18446744073709551615u) > -1e19  =>  true
        0.0 / 0.0 < 1.0  =>  false
        0.0 / 0.0 >= 1.0  =>  false
        'a' < 'b'  =>  true
        'a' < 'ab'  =>  true
        '' < 'a'  =>  true
        'Z' < 'a'  =>  true
        '\uffee' < '\U0001F600'  =>  true
        '\U0001F600' < '\U0001F601'  =>  true
        b'a' < b'b'  =>  true
        b'\xff' > b'a'  =>  true
        false < true  =>  true
        duration('1s') < duration('1001ms')  =>  true
        timestamp(0) < timestamp(1)  =>  true
        dyn('a') < 1  =>  error
        dyn([1]) < dyn([2])  =>  error
        dyn(null) < 1  =>  error

        # Field Selection and indexing
        {'a': 1}.a  =>  1
        {'a': {'b': 2}}.a.b  =>  2
        {'a': 1}.b  =>  error
        {'a': 1}['a']  =>  1
        {1: 'x'}[1]  =>  'x'
        dyn({1: 'x'})[1.0]  =>  'x'
        dyn({1: 'x'})[1u]  =>  'x'
        dyn({1: 'x'})[1.5]  =>  error
        {true: 'x'}[true]  =>  'x'
        {'a': 1}['b']  =>  error
        dyn(1).a  =>  error
        [7, 8, 9][0]  =>  7
        [7, 8, 9][2]  =>  9
        [7, 8, 9][3]  =>  error
        [7, 8, 9][-1]  =>  error
        [7, 8, 9][dyn(1.0)]  =>  8
        [7, 8, 9][dyn(1.5)]  =>  error
        [7, 8, 9][dyn(1u)]  =>  8
        [7][dyn('0')]  =>  error
        [[1, 2], [3]][0][1]  =>  2

        # has()
        has({'a': 1}.a)  =>  true
        has({'a': 1}.b)  =>  false
        has({'a': null}.a)  =>  true
        has({'a': {'b': 1}}.a.b)  =>  true
        has({'a': {}}.a.b)  =>  false
        has({}.a.b)  =>  error
        has(dyn(1).a)  =>  error

        # List and map membership
        2 in [1, 2, 3]  =>  true
        4 in [1, 2, 3]  =>  false
        1 in []  =>  false
        dyn(2.0) in [1, 2, 3]  =>  true
        'a' in {'a': 1}  =>  true
        'b' in {'a': 1}  =>  false
        dyn(1.0) in {1: 'x'}  =>  true
        [1] in [[1], [2]]  =>  true
        dyn(1) in dyn(1)  =>  error
        """;
}
