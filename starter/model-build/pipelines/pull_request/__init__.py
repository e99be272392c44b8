"""Comment on a pull request, from the findings of `compare`.

The code of a pull request writes the findings, without credentials. These modules run from the main
branch with the right to comment: they read the findings as data, and import only the standard
library and, for CodeCommit, boto3.
"""
